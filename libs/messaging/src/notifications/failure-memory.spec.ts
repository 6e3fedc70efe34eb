import { expect, it } from 'vitest';

import { FailureMemory } from './failure-memory.js';

const message = (text: string) => Buffer.from(text);

it('counts the failures of each message by itself, and apart those that last', () => {
  const memory = new FailureMemory();
  expect(memory.note(message('a'), false)).toEqual({ all: 1, lasting: 1 });
  expect(memory.note(message('b'), false)).toEqual({ all: 1, lasting: 1 });
  expect(memory.note(message('a'), true)).toEqual({ all: 2, lasting: 1 });
  expect(memory.note(message('a'), false)).toEqual({ all: 3, lasting: 2 });
});

it('begins anew with a message that was dealt with', () => {
  const memory = new FailureMemory();
  memory.note(message('a'), false);
  memory.forget(message('a'));
  expect(memory.note(message('a'), false)).toEqual({ all: 1, lasting: 1 });
});

it('forgets the message that failed longest ago, when there are too many', () => {
  const memory = new FailureMemory();
  memory.note(message('old'), false);
  memory.note(message('kept'), false);
  for (let i = 0; i < 998; i += 1) memory.note(message(`m${i}`), false);
  memory.note(message('kept'), false);
  memory.note(message('one more'), false);
  expect(memory.note(message('kept'), false)).toEqual({ all: 3, lasting: 3 });
  expect(memory.note(message('old'), false)).toEqual({ all: 1, lasting: 1 });
});
