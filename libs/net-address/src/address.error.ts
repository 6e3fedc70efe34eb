/** Text that was expected to be an address, a range, a MAC or a name is not one. */
export class InvalidAddressText extends Error {
  /**
   * @param kind what was expected, in an operator's words ("IPv4 address", "MAC address")
   * @param text the offending text
   */
  constructor(
    readonly kind: string,
    readonly text: string,
  ) {
    super(`"${text}" is not ${/^[AEIOUaeiou]/.test(kind) ? 'an' : 'a'} ${kind}`);
    this.name = 'InvalidAddressText';
  }
}
