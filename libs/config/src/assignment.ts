/** One `name = value` of a configuration file or of the environment. */
export interface Assignment {
  /** "DEFAULT" for flag files. */
  readonly group: string;
  readonly name: string;
  /** Lines of a continued value are joined by a newline. */
  readonly value: string;
  /** Where it stands, for people: "/etc/nova/nova.conf line 12". */
  readonly place: string;
}

/** What reading one source gave. */
export interface Reading {
  readonly assignments: readonly Assignment[];
  /** One sentence each. */
  readonly problems: readonly string[];
}
