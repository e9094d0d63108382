import { error, fail, isHttpError, isRedirect, redirect, type RequestEvent } from '@sveltejs/kit';
import { setError, superValidate, type SuperValidated } from 'sveltekit-superforms';
import { zod4 } from 'sveltekit-superforms/adapters';
import { z } from 'zod';
import { operations, type OperationId } from '#lib/contract/index.ts';
import { isSecretField, type FormDoor, type Operation, type SaidOf } from '#lib/contract/operation.ts';
import { AppError } from '../errors.ts';
import { defaultMaxBytes, readForm, readMultipart } from './body.ts';
import { report } from './endpoint.ts';
import { inPlainWords } from './validation-messages.ts';
import { pathBack } from './redirects.ts';
import { callOf, type Call, type Row } from './operation-call.ts';
import { toAppError } from './error-response.ts';

type Run<Id extends OperationId> = (call: Call<Id>) => SaidOf<Row<Id>> | Promise<SaidOf<Row<Id>>>;

/** Where the browser goes on success; if absent or null, the page itself shows the result. */
type Next<Id extends OperationId> = (call: Call<Id>, said: SaidOf<Row<Id>>) => string | null;

type Fields = Record<string, unknown>;

/** What a page gets back if a form was rejected. */
export interface FormFailure {
	readonly message: string | null;
	/** By field; only the first of each is shown. */
	readonly errors: Readonly<Record<string, readonly string[]>>;
	/** The submitted values, without secrets. */
	readonly values: Readonly<Fields>;
	readonly correlationId: string;
}

/** Serves an operation as a form action. */
export const action =
	<Id extends OperationId>(id: Id, run: Run<Id>, next?: Next<Id>) =>
	async (event: RequestEvent) => {
		const row: Operation = operations[id];
		const { form: door } = row;
		if (!door) throw new Error(`${id} has no form`);
		let form: SuperValidated<Fields> | null = null;
		let fileNames: readonly string[] = [];
		try {
			const { maxBytes = defaultMaxBytes, maxValues } = row;
			const { request } = event;
			const sent = await (row.multipart ? readMultipart(request, maxBytes) : readForm(request, maxBytes, maxValues));
			fileNames = await readFiles(sent, door);
			await readmit(event);
			form = await superValidate<Fields>(sent, zod4(door.fields), { allowFiles: true });
			if (!form.valid) return fail(400, failure(event, door, form, fileNames));
			const params = { ...event.params, ...toParamsOf(door, form.data) };
			const call = callOf(event, id, toBodyOf(door, form.data), form.data, params);
			const said = await run(call);
			const place = next?.(call, said) ?? null;
			if (place !== null) redirect(303, place);
			return { said: door.says?.parse(said) as SaidOf<Row<Id>> };
		} catch (thrown) {
			if (isRedirect(thrown) || isHttpError(thrown)) throw thrown;
			const failed = toAppError(thrown, id);
			report(event, id, failed);
			const { retryAfterSeconds } = failed.details;
			if (retryAfterSeconds !== undefined) event.setHeaders({ 'retry-after': String(retryAfterSeconds) });
			return fail(
				failed.status,
				explained(failed, door, form, () => failure(event, door, form, fileNames))
			);
		}
	};

/** Rechecks access, which may have been lost while the form was read, before the page's own data is loaded. */
async function readmit({ locals, url }: RequestEvent): Promise<void> {
	try {
		await locals.readmit();
	} catch (thrown) {
		const { status, message } = toAppError(thrown, locals.operation);
		if (status === 401) redirect(303, pathBack('/auth/login', url));
		error(status, { message, correlationId: locals.correlationId });
	}
}

/** Reads files as text if the schema expects text. Returns the names of these fields. */
async function readFiles(form: FormData, { fields }: FormDoor): Promise<string[]> {
	const names: string[] = [];
	for (const [name, value] of [...form]) {
		if (!(value instanceof File) || !(fields.shape[name] instanceof z.ZodString)) continue;
		form.set(name, await value.text());
		names.push(name);
	}
	return names;
}

/** Builds the request body; the values were made by `fields`, which the operation's type no longer shows. */
const toBodyOf = ({ toBody }: FormDoor, fields: Fields): unknown => toBody?.(fields as never);

/** Builds the API's path parameters in the same way. */
const toParamsOf = ({ toParams }: FormDoor, fields: Fields) => toParams?.(fields as never);

/** Puts an error at its field if it has one, otherwise above the form. */
function explained(
	error: AppError,
	door: FormDoor,
	form: SuperValidated<Fields> | null,
	describe: () => FormFailure
): FormFailure {
	const { field, fieldErrors, shown = error.message } = error.details;
	if (fieldErrors) return { ...describe(), errors: inLists(fieldErrors), message: shown };
	const isAtField = field !== undefined && field in door.fields.shape;
	if (form && isAtField) setError(form, field, shown);
	return { ...describe(), message: isAtField ? null : shown };
}

const inLists = (texts: Readonly<Record<string, string>>) =>
	Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, [inPlainWords(text)]]));

function failure(
	{ locals }: RequestEvent,
	door: FormDoor,
	form: SuperValidated<Fields> | null,
	fileNames: readonly string[]
): FormFailure {
	const errors = Object.entries(form?.errors ?? {})
		.map(([name, found]) => [name, messagesOf(found)] as const)
		.filter(([, messages]) => messages.length > 0);
	return {
		message: null,
		errors: Object.fromEntries(errors.map(([name, messages]) => [name, messages.map(inPlainWords)])),
		values: shownAgain(form?.data ?? {}, fileNames, door),
		correlationId: locals.correlationId
	};
}

const Messages = z.array(z.string());
const ListErrors = z.record(z.string(), z.unknown());

/** Returns a field's messages; for a list, those about the whole list, otherwise those of the first invalid entry. */
function messagesOf(found: unknown): readonly string[] {
	const messages = Messages.safeParse(found);
	if (messages.success) return messages.data;
	const { _errors: whole, ...entries } = ListErrors.safeParse(found).data ?? {};
	return [whole, ...Object.values(entries)].map((part) => Messages.safeParse(part).data ?? []).find(isFilled) ?? [];
}

const isFilled = (messages: readonly string[]): boolean => messages.length > 0;

/** Drops secrets and files, which a form can't show again. */
const shownAgain = (values: Fields, fileNames: readonly string[], door: FormDoor): Fields =>
	Object.fromEntries(
		Object.entries(values).filter(
			([name, value]) => !(value instanceof Blob) && !fileNames.includes(name) && !isSecretField(door, name)
		)
	);
