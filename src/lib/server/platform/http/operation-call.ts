import type { RequestEvent } from '@sveltejs/kit';
import type { z } from 'zod';
import { operations, type OperationId } from '#lib/contract/index.ts';
import type { BodyOf, FieldsOf, Operation, ParamsOf, QueryOf } from '#lib/contract/operation.ts';
import type { Auth } from '../caller/caller.ts';
import type { Origin } from '../caller/client-info.ts';
import { validationFailed } from '../errors.ts';
import { originOf } from './client-info.ts';
import { unknownKeys } from './unknown-keys.ts';

export type Row<Id extends OperationId> = (typeof operations)[Id];

/** A public operation can be called without authentication. */
type AuthOf<Id extends OperationId> = Row<Id>['access'] extends { public: true } ? Auth | null : Auth;

/** Everything a handler gets: parsed, and admitted by the auth hook. */
export interface Call<Id extends OperationId> {
	readonly auth: AuthOf<Id>;
	readonly origin: Origin;
	readonly params: ParamsOf<Row<Id>>;
	readonly query: QueryOf<Row<Id>>;
	readonly body: BodyOf<Row<Id>>;
	/** The form's values; undefined if the request came through the API. */
	readonly fields: FieldsOf<Row<Id>>;
	readonly services: App.Locals['container']['services'];
	readonly event: RequestEvent;
}

/**
 * Parses a part of a request with its schema.
 * @throws {AppError} 400 with the issues
 */
export function parse(schema: z.ZodType | undefined, value: unknown): unknown {
	const parsed = schema?.safeParse(value);
	if (parsed?.success === false) throw validationFailed(parsed.error.issues);
	return parsed?.data;
}

function parseBody(row: Operation, body: unknown): unknown {
	const parsed = parse(row.body, body);
	const issues = row.closed ? unknownKeys(body, parsed) : [];
	if (issues.length > 0) throw validationFailed(issues);
	return parsed;
}

/** Reads the query, with a list where its schema takes one. Any other repeated value is rejected by its schema, as in Immich. */
function queryOf({ searchParams }: URL, schema: z.ZodObject | undefined): Record<string, unknown> {
	const fields: Readonly<Record<string, z.ZodType>> = schema?.shape ?? {};
	const isList = (key: string) => Object.hasOwn(fields, key) && fields[key]?.safeParse([]).success === true;
	const given = new Map<string, string[]>();
	for (const [key, value] of searchParams) {
		const values = given.get(key);
		if (values) values.push(value);
		else given.set(key, [value]);
	}
	return Object.fromEntries(
		[...given].map(([key, values]) => [key, isList(key) || values.length > 1 ? values : values[0]])
	);
}

/**
 * Builds the call of an admitted request.
 * @throws {Error} if the handler is wired to another operation than the auth hook checked
 */
export function callOf<Id extends OperationId>(
	event: RequestEvent,
	id: Id,
	body: unknown,
	fields: unknown,
	params: unknown = event.params
): Call<Id> {
	// Such a handler would run under another operation's access rule.
	if (event.locals.operation !== id)
		throw new Error(`The door admitted ${event.locals.operation ?? 'a page'}, the handler serves ${id}`);
	const row: Operation = operations[id];
	const call = {
		auth: event.locals.auth,
		origin: originOf(event),
		params: parse(row.params, params),
		query: parse(row.query, queryOf(event.url, row.query)),
		body: parseBody(row, body),
		fields,
		services: event.locals.container.services,
		event
	};
	// The contract's schemas made these values, and the auth hook checked the access; the types follow from the same contract.
	return call as Call<Id>;
}
