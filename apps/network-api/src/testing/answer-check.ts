import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { readComputeUrl } from '../http/compute-url.js';
import type { Schema } from '../open-api/schema-types.js';
import { description, routeFor } from './api-description.js';

const SPEC = 'openapi.json';
// OpenAPI's words beside those of JSON Schema.
const ajv = new Ajv2020({ strictRequired: false, strictTypes: false });
formats.default(ajv);
ajv.addVocabulary(['example', 'components']);
ajv.addSchema({ $id: SPEC, components: description.components });

/** The pages that describe the API do not describe themselves. */
const ABOUT_ITSELF = /^\/(docs\b|openapi\.(json|yaml)$)/;

const checks = new Map<object, ValidateFunction>();

/** Holds every answer of a server against docs/openapi.json. */
export class AnswerCheck {
  private problems: string[] = [];

  constructor(server: Server) {
    server.prependListener('request', (request: IncomingMessage, response: ServerResponse) =>
      this.watch(request, response),
    );
  }

  /** Throws if since the last time an answer was not as described. */
  throwProblems(): void {
    const text = this.problems.join('\n');
    this.problems = [];
    if (text !== '') throw new Error(`not as docs/openapi.json says:\n${text}`);
  }

  private watch({ method = '', url = '', headers }: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    const keep = ([chunk]: readonly unknown[]) => {
      if (typeof chunk === 'string' || chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk));
    };
    before(response, 'write', keep);
    before(response, 'end', (args) => {
      keep(args);
      // noauth2 tells a stranger his token, whatever he asks for.
      if (headers['x-auth-token'] === undefined && response.statusCode === 204) return;
      const problem = problemOf(method, url, response, Buffer.concat(chunks).toString());
      if (problem) this.problems.push(`${method} ${url} ${response.statusCode}: ${problem}`);
    });
  }
}

/** Has something else done before the response's own method. */
function before(response: ServerResponse, name: 'write' | 'end', first: (args: readonly unknown[]) => void) {
  const original: unknown = Reflect.get(response, name);
  if (typeof original !== 'function') throw new Error(`a response without ${name}`);
  const value = (...args: unknown[]): unknown => {
    first(args);
    return Reflect.apply(original, response, args);
  };
  Object.defineProperty(response, name, { value, configurable: true, writable: true });
}

/** Of what no route answers. */
const anyFault: Schema = {
  type: 'object',
  required: ['error'],
  additionalProperties: { $ref: '#/components/schemas/Fault' },
};

function problemOf(method: string, url: string, response: ServerResponse, body: string): string | undefined {
  const [path = ''] = readComputeUrl(url).url.split('?', 1);
  if (ABOUT_ITSELF.test(path)) return undefined;
  const { statusCode: status } = response;
  const route = routeFor(method === 'HEAD' ? 'GET' : method, path);
  if (!route) return status < 400 ? 'there is no such route' : problemOfJson(anyFault, body);
  const described = route.operation.responses[String(status)];
  if (!described || '$ref' in described) return `${route.name} does not answer so`;
  if (method === 'HEAD' || !described.content) return body === '' ? undefined : 'there is to be no body';
  const [type = ''] = String(response.getHeader('content-type')).split(';', 1);
  const content = described.content[type];
  if (!content) return `${type} is not described`;
  return type === 'application/json' && content.schema ? problemOfJson(content.schema, body) : undefined;
}

function problemOfJson(schema: Schema, body: string): string | undefined {
  const check = checks.get(schema) ?? ajv.compile(withIds(schema));
  checks.set(schema, check);
  return check(JSON.parse(body))
    ? undefined
    : `${ajv.errorsText(check.errors, { dataVar: 'body' })}: ${body}`;
}

/** Its references lead into the whole description. */
function withIds(schema: Schema): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', `"${SPEC}#/components/`));
}
