import * as about from '../src/about/about.ts';
import type { Handler } from './handler.ts';

export const clearAbout: Handler<'about.clear'> = {
  run: ({ services }) => about.clear(services),
};
