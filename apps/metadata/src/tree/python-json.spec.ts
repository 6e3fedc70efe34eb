import { expect, it } from 'vitest';
import { pythonJson, type Json } from './python-json.js';

it.each<{ value: Json; text: string }>([
  { value: null, text: 'null' },
  { value: [1, true, 'a'], text: '[1, true, "a"]' },
  { value: { a: [], b: {} }, text: '{"a": [], "b": {}}' },
  { value: 'a"b\\\n', text: '"a\\"b\\\\\\n"' },
  { value: { ä: '€😀\u007f' }, text: '{"\\u00e4": "\\u20ac\\ud83d\\ude00\\u007f"}' },
])('writes $text as Python does', ({ value, text }) => {
  expect(pythonJson(value)).toBe(text);
});
