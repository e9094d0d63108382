type Entries = readonly (readonly [name: string, value: string])[];

interface Draft {
	/** The form as sent by the server: a draft based on other values is stale. */
	readonly base: string;
	readonly entries: Entries;
}

const prefix = 'immich-auth-draft:';

const isSecret = (element: Element): boolean =>
	element instanceof HTMLInputElement && (element.type === 'password' || element.dataset['secret'] !== undefined);

const findSecretFields = (form: HTMLFormElement): HTMLInputElement[] =>
	[...form.elements].filter((element) => element instanceof HTMLInputElement).filter(isSecret);

/** Serializes the form including secrets: only for comparison, never for storage. */
export const readForm = (form: HTMLFormElement): string =>
	JSON.stringify([...new FormData(form)].filter(([, value]) => typeof value === 'string'));

/** Names of the fields that differ between two readings of a form. */
export function differingNames(one: string, other: string): string[] {
	const [before, after] = [one, other].map((reading) => new Map(parseReading(reading)));
	const names = new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])]);
	return [...names].filter((name) => before?.get(name) !== after?.get(name));
}

/** Only `readForm` creates readings. */
const parseReading = (reading: string) => (reading === '' ? [] : (JSON.parse(reading) as Entries));

function readDraftable(form: HTMLFormElement): Entries {
	const secrets = new Set(findSecretFields(form).map(({ name }) => name));
	return [...new FormData(form)].flatMap(([name, value]) =>
		typeof value === 'string' && !secrets.has(name) ? [[name, value] as const] : []
	);
}

/** Nothing is saved until then, in milliseconds of `performance.now()`. */
let pausedUntilMs = 0;
/** Longer than a form waits before saving a draft. */
const pauseMs = 1_000;

/** Saves what was typed for a reload of this tab, except passwords and fields marked data-secret. */
export function saveDraft(key: string, form: HTMLFormElement, base: string): void {
	if (performance.now() < pausedUntilMs) return;
	const draft: Draft = { base, entries: readDraftable(form) };
	try {
		sessionStorage.setItem(prefix + key, JSON.stringify(draft));
	} catch {
		// Storage may be full or blocked; drafts are optional.
	}
}

/** Returns the base for saveDraft: the form's values without secrets, which the browser may autofill late. */
export const serializeForm = (form: HTMLFormElement): string => JSON.stringify(readDraftable(form));

/** Restores a draft; returns false if there is none or the server's values have changed since. */
export function restoreDraft(key: string, form: HTMLFormElement): boolean {
	const base = serializeForm(form);
	const draft = readDraft(key);
	if (draft === null || draft.base !== base || JSON.stringify(draft.entries) === base) return false;
	const values = new Map(draft.entries);
	for (const element of form.elements) {
		if (isSecret(element)) continue;
		if (element instanceof HTMLInputElement && (element.type === 'checkbox' || element.type === 'radio')) {
			element.checked = draft.entries.some(([name, value]) => name === element.name && value === element.value);
		} else if (
			element instanceof HTMLInputElement ||
			element instanceof HTMLSelectElement ||
			element instanceof HTMLTextAreaElement
		) {
			const value = values.get(element.name);
			if (value === undefined) continue;
			element.value = value;
		} else continue;
		element.dispatchEvent(new Event('input', { bubbles: true }));
		element.dispatchEvent(new Event('change', { bubbles: true }));
	}
	return true;
}

function readDraft(key: string): Draft | null {
	try {
		const draft: unknown = JSON.parse(sessionStorage.getItem(prefix + key) ?? 'null');
		// Only this module writes under the prefix, and only in this tab.
		return draft as Draft | null;
	} catch {
		return null;
	}
}

export function dropDraft(key: string): void {
	try {
		sessionStorage.removeItem(prefix + key);
	} catch {
		// See saveDraft.
	}
}

/** Deletes all drafts of this tab at sign-out, so that the next user finds none. */
export function dropAllDrafts(): void {
	// A pending save must not outlive the sign-out. If the user stays, saving resumes with further typing.
	pausedUntilMs = performance.now() + pauseMs;
	try {
		for (const key of Object.keys(sessionStorage)) if (key.startsWith(prefix)) sessionStorage.removeItem(key);
	} catch {
		// See saveDraft.
	}
}

/** Clears the form's passwords so that nothing keeps them; returns whether it has any password fields. */
export function clearSecrets(form: HTMLFormElement): boolean {
	const secrets = findSecretFields(form);
	for (const secret of secrets) {
		secret.value = '';
		// Not an edit, so that the field doesn't validate.
		secret.dispatchEvent(new CustomEvent('input', { bubbles: true }));
	}
	return secrets.length > 0;
}
