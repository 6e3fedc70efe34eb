import type { OpenAPIObject } from '@nestjs/swagger';

/** Schemas of the description by their names. */
export type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;
export type Schema = Schemas[string];
