import { BadRequestException, type PipeTransform } from '@nestjs/common';
import { isRecord } from '@novanet/contracts';

/** Checks that a body has the member that it is all about, in the words that nova has for security groups alone. */
export function bodyMember(name: string): PipeTransform<unknown> {
  return {
    transform(body) {
      const isEmpty = body === undefined || body === null || Object.keys(body).length === 0;
      if (isEmpty) throw new BadRequestException("The request body can't be empty");
      const member = isRecord(body) ? body[name] : undefined;
      if (member === undefined || member === null) throw new BadRequestException(`Missing parameter ${name}`);
      return body;
    },
  };
}
