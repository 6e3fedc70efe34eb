import { Allow } from 'class-validator';

/** A method that reads none of its arguments. */
export class NoArguments {
  @Allow() readonly ignored?: unknown;
}
