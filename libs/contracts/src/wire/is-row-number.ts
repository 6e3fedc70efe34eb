import { IsInt } from 'class-validator';
import { ReadAs } from './shaped.js';

/** The number of a row: also as text, for nova-api passes on what stands in a URL. */
export function IsRowNumber(): PropertyDecorator {
  return (target, key) => {
    ReadAs((value) => (typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value))(
      target,
      key,
    );
    IsInt()(target, key);
  };
}
