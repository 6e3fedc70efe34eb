/** A method that reads none of its arguments. */
export class NoArguments {}
