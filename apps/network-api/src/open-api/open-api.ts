import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { asOpenApi31 } from './as-open-api-31.js';
import { closeAnswers } from './closed-answers.js';
import { addEarlyRefusals } from './responses.js';
import { describeServicePages } from './service-pages.js';
import { schemas } from './schemas.js';

const description = `The networking service of a compute cloud: nova's os-networks, and what compute services tell of
their instances. Refused requests answer with a fault: one member named after the status, with code and message.

Who asks is known by the header X-Auth-Token: a token of Keystone, or what auth_strategy makes of it. Without one that is good
the answer is 401; where the policy or another project forbids, 403 or 404.`;

/** Describes the whole REST interface. */
export function describeApi(app: INestApplication, version: string): OpenAPIObject {
  const builder = new DocumentBuilder().setTitle('Novanet network API').setDescription(description);
  builder.addApiKey({ type: 'apiKey', in: 'header', name: 'X-Auth-Token' }, 'token');
  builder.addSecurityRequirements('token');
  const document = SwaggerModule.createDocument(app, builder.setVersion(version).build());
  document.components = { ...document.components, schemas: { ...document.components?.schemas, ...schemas } };
  describeServicePages(document);
  addEarlyRefusals(document);
  closeAnswers(document);
  return asOpenApi31(document);
}

/** GET /openapi.json for programs, /docs for people. */
export function serveApiDescription(app: INestApplication, document: OpenAPIObject): void {
  SwaggerModule.setup('docs', app, document, {
    jsonDocumentUrl: 'openapi.json',
    yamlDocumentUrl: 'openapi.yaml',
  });
}
