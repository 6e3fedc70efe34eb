import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** Its end in ms since 1970 (8), and padding that makes the text as long as Amazon's: 56 characters. */
const CONTENT_BYTES = 12;
const TOKEN_BYTES = IV_BYTES + CONTENT_BYTES + TAG_BYTES;

/**
 * Session tokens of Amazon's metadata service, version 2. Each is good for one instance until its end, and carries all
 * that: nothing is remembered, and any process with the same secret knows it.
 */
export class SessionTokens {
  private readonly key: Buffer;

  /** @param secret null: tokens end with this process */
  constructor(
    secret: string | null,
    private readonly now: () => number = Date.now,
  ) {
    this.key = secret === null ? randomBytes(32) : createHash('sha256').update(secret).digest();
  }

  issue(instanceUuid: string, seconds: number): string {
    const iv = randomBytes(IV_BYTES);
    const content = Buffer.alloc(CONTENT_BYTES);
    content.writeBigUInt64BE(BigInt(this.now() + seconds * 1000));
    const cipher = createCipheriv(CIPHER, this.key, iv).setAAD(Buffer.from(instanceUuid));
    return Buffer.concat([iv, cipher.update(content), cipher.final(), cipher.getAuthTag()]).toString(
      'base64',
    );
  }

  /** Whether this is a token of the instance that has not ended. */
  isValid(token: string, instanceUuid: string): boolean {
    const bytes = Buffer.from(token, 'base64');
    if (bytes.length !== TOKEN_BYTES || bytes.toString('base64') !== token) return false;
    const decipher = createDecipheriv(CIPHER, this.key, bytes.subarray(0, IV_BYTES))
      .setAAD(Buffer.from(instanceUuid))
      .setAuthTag(bytes.subarray(-TAG_BYTES));
    try {
      const content = Buffer.concat([
        decipher.update(bytes.subarray(IV_BYTES, -TAG_BYTES)),
        decipher.final(),
      ]);
      return Number(content.readBigUInt64BE()) > this.now();
    } catch {
      // Not ours, or another instance's.
      return false;
    }
  }
}
