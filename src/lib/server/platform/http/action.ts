import { error, fail, isHttpError, isRedirect, redirect, type RequestEvent } from '@sveltejs/kit';
import { z } from 'zod';
import { formErrors, formMessageOf } from '#lib/contract/form-messages.ts';
import { formValues } from '#lib/contract/form-values.ts';
import { operations, type OperationId } from '#lib/contract/index.ts';
import { isSecretField, type FormDefinition, type Operation, type FormResult } from '#lib/contract/operation.ts';
import { AppError } from '../errors.ts';
import { defaultMaxBytes, readForm, readMultipart } from './body.ts';
import { report, type Receive, type Received } from './endpoint.ts';
import { pathBack } from './redirects.ts';
import { buildBodilessCall, buildCall, type Call, type OperationById } from './operation-call.ts';
import { toAppError } from './error-response.ts';

type Run<Id extends OperationId> = (
	call: Call<Id>
) => FormResult<OperationById<Id>> | Promise<FormResult<OperationById<Id>>>;

/** Where the browser goes on success; if absent or null, the page itself shows the result. */
type NextLocation<Id extends OperationId> = (call: Call<Id>, result: FormResult<OperationById<Id>>) => string | null;

type Fields = Record<string, unknown>;

type Errors = Readonly<Record<string, readonly string[]>>;

/** What a page gets back if a form was rejected. */
export interface FormFailure {
	readonly message: string | null;
	/** By field; only the first of each is shown. */
	readonly errors: Errors;
	/** The submitted values, without secrets. */
	readonly values: Readonly<Fields>;
	readonly correlationId: string;
}

/** Serves an operation as a form action. */
export const action =
	<Id extends OperationId>(id: Id, run: Run<Id>, nextLocation?: NextLocation<Id>, receive?: Receive<Id>) =>
	async (event: RequestEvent) => {
		const operation: Operation = operations[id];
		const { form: definition } = operation;
		if (!definition) throw new Error(`${id} has no form`);
		let values: Fields = {};
		let fileNames: readonly string[] = [];
		let received: Received | null = null;
		const failure = (errors: Errors, message: string | null): FormFailure => ({
			message,
			errors,
			values: withoutSecrets(values, fileNames, definition),
			correlationId: event.locals.correlationId
		});
		try {
			const { maxBytes = defaultMaxBytes, maxValues } = operation;
			const { request } = event;
			if (receive) received = await receiveForm(event, id, receive);
			const sent = received
				? toFormData(received)
				: await (operation.multipart ? readMultipart(request, maxBytes) : readForm(request, maxBytes, maxValues));
			fileNames = await readFiles(sent, definition);
			await reauthorize(event);
			values = formValues(definition.fields, sent);
			const parsed = definition.fields.safeParse(values, { error: formErrors });
			if (!parsed.success) return fail(400, failure(errorsOf(parsed.error), null));
			values = parsed.data;
			const params = { ...event.params, ...buildParams(definition, values) };
			const call = buildCall(event, id, buildBody(definition, values), values, params);
			const result = await run(call);
			const location = nextLocation?.(call, result) ?? null;
			if (location !== null) redirect(303, location);
			return { result: definition.result?.parse(result) as FormResult<OperationById<Id>> };
		} catch (thrown) {
			if (isRedirect(thrown) || isHttpError(thrown)) throw thrown;
			const failed = toAppError(thrown, id);
			report(event, id, failed);
			const { retryAfterSeconds } = failed.details;
			if (retryAfterSeconds !== undefined) event.setHeaders({ 'retry-after': String(retryAfterSeconds) });
			const { errors, message } = toFormFailure(failed, definition);
			return fail(failed.status, failure(errors, message));
		} finally {
			await received?.discard();
		}
	};

/** A form's file is stored while it arrives, as the API's. */
async function receiveForm<Id extends OperationId>(
	event: RequestEvent,
	id: Id,
	receive: Receive<Id>
): Promise<Received> {
	const received = await receive(buildBodilessCall(event, id));
	// Browsers announce no checksum, so nothing is known before the file has arrived.
	if ('reply' in received) throw new Error('A form was answered before it was read');
	return received;
}

function toFormData({ fields }: Received): FormData {
	const form = new FormData();
	for (const [name, value] of Object.entries(fields))
		if (typeof value === 'string' || value instanceof File) form.append(name, value);
	return form;
}

/** Rechecks access, which may have been lost while the form was read, before the page's own data is loaded. */
async function reauthorize({ locals, url }: RequestEvent): Promise<void> {
	try {
		await locals.reauthorize();
	} catch (thrown) {
		const { status, message } = toAppError(thrown, locals.operation);
		if (status === 401) redirect(303, pathBack('/auth/login', url));
		error(status, { message, correlationId: locals.correlationId });
	}
}

/** Reads files as text if the schema expects text. Returns the names of these fields. */
async function readFiles(form: FormData, { fields }: FormDefinition): Promise<string[]> {
	const names: string[] = [];
	for (const [name, value] of [...form]) {
		if (!(value instanceof File) || !(fields.shape[name] instanceof z.ZodString)) continue;
		form.set(name, await value.text());
		names.push(name);
	}
	return names;
}

/** Builds the request body; `fields` parsed the values, which the operation's type no longer shows. */
const buildBody = ({ toBody }: FormDefinition, fields: Fields): unknown => toBody?.(fields as never);

/** Builds the API's path parameters in the same way. */
const buildParams = ({ toParams }: FormDefinition, fields: Fields) => toParams?.(fields as never);

/** Puts an error at its field if it has one, otherwise above the form. */
function toFormFailure(error: AppError, { fields }: FormDefinition): Pick<FormFailure, 'errors' | 'message'> {
	const { field, fieldErrors, shown = error.message } = error.details;
	if (fieldErrors) return { errors: toLists(fieldErrors), message: shown };
	return field !== undefined && field in fields.shape
		? { errors: { [field]: [shown] }, message: null }
		: { errors: {}, message: shown };
}

const toLists = (texts: Readonly<Record<string, string>>): Errors =>
	Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, [text]]));

/** Returns the messages by field; those about a whole list come before those about its entries. */
function errorsOf({ issues }: z.ZodError): Errors {
	const errors: Record<string, string[]> = {};
	for (const issue of issues.toSorted((one, other) => one.path.length - other.path.length))
		(errors[String(issue.path[0])] ??= []).push(formMessageOf(issue));
	return errors;
}

/** Drops secrets and files, which a form can't show again. */
const withoutSecrets = (values: Fields, fileNames: readonly string[], definition: FormDefinition): Fields =>
	Object.fromEntries(
		Object.entries(values).filter(
			([name, value]) => !(value instanceof Blob) && !fileNames.includes(name) && !isSecretField(definition, name)
		)
	);
