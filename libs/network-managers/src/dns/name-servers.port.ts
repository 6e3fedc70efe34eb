/** Those who answer queries from the recorded names: every host's dnsmasq. */
export abstract class NameServers {
  /**
   * Tells them that names have changed. They read the names again by themselves; it MUST NOT wait for them. A name server
   * that is not reached finds the change with its next run.
   */
  abstract refresh(): Promise<void>;
}
