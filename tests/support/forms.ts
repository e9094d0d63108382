import { expect } from 'vitest';
import { buildCookie, type Api } from './api.ts';
import { findForms } from './html-form.ts';
import type { Reply } from './http.ts';

/** Opens a page as a browser without scripts does, and returns its text. */
export async function openPage(api: Api, page: string, token: string): Promise<string> {
	const { status, text } = await api.request('GET', page, {
		cookie: buildCookie(token),
		headers: { accept: 'text/html' }
	});
	expect(status, page).toBe(200);
	return text;
}

interface Chosen {
	/** Selects one of the page's forms: the one with a control of this name, or with this action. */
	readonly by: { readonly field: string } | { readonly action: string };
	/** Field values to enter; null unticks a box. */
	readonly changes?: Readonly<Record<string, string | null>>;
}

/** Opens a page, fills in one of its forms and submits it as a browser without scripts does. */
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
	return api.submit(pathname + search, Object.fromEntries(filled), buildCookie(token));
}
