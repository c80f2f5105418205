import { create } from 'express-handlebars';
import { rootPath } from '../platform/root.ts';
import { helpers } from './helpers.ts';

export type Template = (model: object, options: { data: object }) => string;

const engine = create({
  extname: '.hbs',
  compilerOptions: {
    // Only our own helpers are ever called: a field of a model can never be taken for one, and lookups are quicker.
    knownHelpersOnly: true,
    // A partial sees what it is handed and no more: `{{> field name="email"}}`, `{{> customers/row this}}`.
    explicitPartialContext: true,
    knownHelpers: Object.fromEntries(Object.keys(helpers).map((name) => [name, true])),
  },
});

// Everything is compiled once, at start: a broken template stops the program, and no page waits for the disk.
const compiled = new Map(
  Object.entries(await engine.getTemplates(rootPath('views'))).map(([file, template]) => [nameOf(file), template]),
);
// Once for all pages: what is handed over with a page is copied for it.
Object.assign(
  engine.handlebars.partials as object,
  Object.fromEntries([...compiled].map(([name, template]) => [partialName(name), template])),
);

/** The view `customers/list` is `views/customers/list.hbs`. Every file is a partial too; those of `partials/` by their bare name. */
export function template(name: string): Template {
  const found = compiled.get(name);
  if (!found) throw new Error(`There is no view views/${name}.hbs`);
  return (model, { data }) => found(model, { data, helpers });
}

function nameOf(file: string): string {
  return file.replace(/\.hbs$/, '').replaceAll('\\', '/');
}

function partialName(name: string): string {
  return name.replace(/^partials\//, '');
}
