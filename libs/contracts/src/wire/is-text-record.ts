import { ValidateBy } from 'class-validator';
import { isRecord } from './versioned-object.js';

/** An object whose values are texts: nova's metadata. */
export function IsTextRecord(): PropertyDecorator {
  return ValidateBy({
    name: 'isTextRecord',
    validator: {
      validate: (value: unknown) =>
        isRecord(value) && Object.values(value).every((inner) => typeof inner === 'string'),
      defaultMessage: (args) => `${args?.property ?? 'it'} must be an object whose values are strings`,
    },
  });
}
