import { Injectable, type PipeTransform } from '@nestjs/common';

/**
 * A domain in a path. nova's clients write `%2E` for its dots and quote that again, for old routers that took the dots
 * for a file's extension; one with plain dots is taken as well.
 */
@Injectable()
export class QuotedDomain implements PipeTransform<string, string> {
  transform(text: string): string {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  }
}
