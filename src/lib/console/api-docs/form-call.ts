import { z } from 'zod';
import { formValues } from '#lib/contract/form-values.ts';
import { operations, type OperationId } from '#lib/contract/index.ts';
import { isSecretField, type FormDefinition, type Operation } from '#lib/contract/operation.ts';

/** A request as in the OpenAPI document, without the server's URL. */
interface FormCall {
	readonly method: string;
	readonly path: string;
	readonly body: string | null;
}

/** Placeholder for a password: typed passwords never leave the form. */
export const passwordPlaceholder = 'THE_PASSWORD';

/** Placeholders for empty fields. */
const examples: Readonly<Record<string, string>> = { name: 'Olga Example', email: 'person@example.test', quota: '' };

/** Returns the API request a form would make. Loaded on demand because it includes the contract. */
export function buildFormCall(id: OperationId, params: Readonly<Record<string, string>>, data: FormData): FormCall {
	const operation: Operation = operations[id];
	const [method = '', route = ''] = operation.rest?.split(' ') ?? [];
	return {
		method,
		path: route.replace(/\[(\w+)\]/g, (_, name: string) => params[name] ?? name.toUpperCase()),
		body:
			operation.form && operation.body ? JSON.stringify(buildBody(operation.form, operation.body, data), null, 2) : null
	};
}

function buildBody(door: FormDefinition, body: z.ZodType, data: FormData): unknown {
	const { fields, toBody } = door;
	const typed = Object.fromEntries(
		Object.entries(formValues(fields, data)).map(([name, value]) => [
			name,
			typeof value === 'string' && isSecretField(door, name) ? hidden(value, isDemanded(body, name)) : value
		])
	);
	const parsed = fields.safeParse(typed);
	const values = parsed.success ? parsed.data : withExamples(fields, typed, parsed.error);
	// The values are `fields`' input or output, which the row's type no longer expresses.
	return toBody?.(values as never);
}

const hidden = (value: string, isNeeded: boolean): string => (value !== '' || isNeeded ? passwordPlaceholder : '');

/** Whether the API rejects a body without this field. */
const isDemanded = (body: z.ZodType, name: string): boolean => {
	const field: unknown = body instanceof z.ZodObject ? body.shape[name] : undefined;
	return field instanceof z.ZodType && !field.safeParse(undefined).success;
};

function withExamples(fields: z.ZodObject, typed: Readonly<Record<string, unknown>>, error: z.ZodError): unknown {
	const faulty = new Set(error.issues.map(({ path }) => path[0]));
	const mended = Object.fromEntries(
		Object.entries(typed).map(([name, value]) => [name, faulty.has(name) ? (examples[name] ?? value) : value])
	);
	const parsed = fields.safeParse(mended);
	return parsed.success ? parsed.data : mended;
}
