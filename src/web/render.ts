import type { T } from '../platform/i18n.ts';
import type { PageData } from './page-data.ts';
import { template } from './templates.ts';
import type { ViewName, Views } from './views.ts';

/** A whole page: the view inside the layout. People who are signed in get the one with the menu. */
export function renderPage<Name extends ViewName>(view: Name, model: Views[Name], page: PageData, t: T): string {
  const body = template(view)(model, { data: { t, page } });
  return layouts[page.member ? 'main' : 'plain']({}, { data: { t, page, body } });
}

export function titleOf<Name extends ViewName>(view: Name, model: Views[Name], t: T): string {
  return 'title' in model && typeof model.title === 'string' ? model.title : t(`${view.replaceAll('/', '.')}.title`);
}

const layouts = { main: template('layouts/main'), plain: template('layouts/plain') };
