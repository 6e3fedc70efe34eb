import { ValidateBy } from 'class-validator';

/** A uuid, or the number of a row: what callers of different releases name a network by. */
export function IsTextOrNumber(): PropertyDecorator {
  return ValidateBy({
    name: 'isTextOrNumber',
    validator: {
      validate: (value: unknown) => typeof value === 'number' || (typeof value === 'string' && value !== ''),
      defaultMessage: () => '$property must be a text or a number',
    },
  });
}
