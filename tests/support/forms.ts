import { expect } from 'vitest';
import { cookieOf, type Api } from './api.ts';
import { findForms } from './html-form.ts';
import type { Reply } from './http.ts';

/** Opens a page as somebody without scripts does, and gives its text. */
export async function openPage(api: Api, page: string, token: string): Promise<string> {
	const { status, text } = await api.request('GET', page, {
		cookie: cookieOf(token),
		headers: { accept: 'text/html' }
	});
	expect(status, page).toBe(200);
	return text;
}

interface Chosen {
	/** Which of the page's forms: the one that has a control of this name, or is posted to this action. */
	readonly by: { readonly field: string } | { readonly action: string };
	/** What is typed; null unticks a box. */
	readonly changes?: Readonly<Record<string, string | null>>;
}

/** Opens a page, fills one of its forms in and posts it as a browser without scripts does. */
export async function fillIn(api: Api, page: string, token: string, { by, changes = {} }: Chosen): Promise<Reply> {
	const forms = findForms(await openPage(api, page, token)).filter(({ action, names }) =>
		'field' in by ? names.includes(by.field) : action === by.action
	);
	expect(forms, `forms of ${page}`).toHaveLength(1);
	const [{ action, fields } = { action: '', fields: {} }] = forms;
	const { pathname, search } = new URL(action, new URL(page, api.url));
	const filled = Object.entries<string | null>({ ...fields, ...changes }).flatMap(([name, value]) =>
		value === null ? [] : [[name, value] as const]
	);
	return api.submit(pathname + search, Object.fromEntries(filled), cookieOf(token));
}
