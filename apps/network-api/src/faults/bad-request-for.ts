import { BadRequestException } from '@nestjs/common';
import { RemoteError } from '@novanet/messaging';

/** For where nova answers 400 to what workers refuse for other reasons; the words stay theirs. */
export function badRequestFor(...classNames: readonly string[]): (error: unknown) => never {
  return (error) => {
    const isMeant = error instanceof RemoteError && classNames.includes(error.className);
    throw isMeant ? new BadRequestException(error.message) : error;
  };
}
