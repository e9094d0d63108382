import type { RequestEvent } from '@sveltejs/kit';
import type { z } from 'zod';
import { operations, type OperationId } from '#lib/contract/index.ts';
import type {
	Operation,
	OperationBody,
	OperationFields,
	OperationParams,
	OperationQuery
} from '#lib/contract/operation.ts';
import type { Auth } from '../caller/caller.ts';
import type { ClientInfo } from '../caller/client-info.ts';
import { storable } from './body.ts';
import { validationFailed } from '../errors.ts';
import { getClientInfo } from './client-info.ts';

export type OperationById<Id extends OperationId> = (typeof operations)[Id];

/** A public operation can be called without authentication. */
type OperationAuth<Id extends OperationId> = OperationById<Id>['access'] extends { public: true } ? Auth | null : Auth;

/** Everything a handler gets: parsed, and admitted by the auth hook. */
export interface Call<Id extends OperationId> {
	readonly auth: OperationAuth<Id>;
	readonly clientInfo: ClientInfo;
	readonly params: OperationParams<OperationById<Id>>;
	readonly query: OperationQuery<OperationById<Id>>;
	readonly body: OperationBody<OperationById<Id>>;
	/** The form's values; undefined if the request came through the API. */
	readonly fields: OperationFields<OperationById<Id>>;
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

/**
 * Refuses texts of a path or query that PostgreSQL can't store.
 * @throws {AppError} 400 for these
 */
function requireStorable(values: unknown): unknown {
	for (const value of Object.values(values ?? {}).flat()) if (typeof value === 'string') storable(value);
	return values;
}

function parseBody(operation: Operation, body: unknown): unknown {
	const parsed = parse(operation.body, body);
	const issues = operation.closed ? unknownKeys(body, parsed) : [];
	if (issues.length > 0) throw validationFailed(issues);
	return parsed;
}

/** Reads the query, with a list where its schema takes one. Any other repeated value is rejected by its schema, as in Immich. */
function readQuery({ searchParams }: URL, schema: z.ZodObject | undefined): Record<string, unknown> {
	const fields: Readonly<Record<string, z.ZodType>> = schema?.shape ?? {};
	const isList = (key: string) => Object.hasOwn(fields, key) && fields[key]?.safeParse([]).success === true;
	const valuesByKey = new Map<string, string[]>();
	for (const [key, value] of searchParams) {
		const values = valuesByKey.get(key);
		if (values) values.push(value);
		else valuesByKey.set(key, [value]);
	}
	return Object.fromEntries(
		[...valuesByKey].map(([key, values]) => [key, isList(key) || values.length > 1 ? values : values[0]])
	);
}

/**
 * Builds the call of an admitted request.
 * @throws {Error} if the handler is wired to another operation than the auth hook checked
 */
export function buildCall<Id extends OperationId>(
	event: RequestEvent,
	id: Id,
	body: unknown,
	fields: unknown,
	params: unknown = event.params
): Call<Id> {
	const call = { ...buildBodilessCall(event, id, params), body: parseBody(operations[id], body), fields };
	// These values were parsed with the contract's schemas, from which the types are inferred, and the auth hook checked the access.
	return call as Call<Id>;
}

/** A call whose body hasn't been read yet. */
export type BodilessCall<Id extends OperationId> = Omit<Call<Id>, 'body' | 'fields'>;

/** Builds the call of an admitted request before its body is read. */
export function buildBodilessCall<Id extends OperationId>(
	event: RequestEvent,
	id: Id,
	params: unknown = event.params
): BodilessCall<Id> {
	// Such a handler would run under another operation's access rule.
	if (event.locals.operation !== id)
		throw new Error(`The auth hook admitted ${event.locals.operation ?? 'a page'}, the handler serves ${id}`);
	const operation: Operation = operations[id];
	const call = {
		auth: event.locals.auth,
		clientInfo: getClientInfo(event),
		params: requireStorable(parse(operation.params, params)),
		query: requireStorable(parse(operation.query, readQuery(event.url, operation.query))),
		services: event.locals.container.services,
		event
	};
	return call as BodilessCall<Id>;
}

type Path = readonly (string | number)[];

interface UnknownKeys {
	readonly code: 'unrecognized_keys';
	readonly keys: readonly string[];
	readonly path: Path;
	readonly message: string;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
	typeof value === 'object' && value !== null && !Array.isArray(value);

/** Lists the keys that parsing dropped, like zod's strict objects. */
export function unknownKeys(sent: unknown, parsed: unknown, path: Path = []): UnknownKeys[] {
	if (Array.isArray(sent) && Array.isArray(parsed))
		return sent.flatMap((item, index) => unknownKeys(item, parsed[index], [...path, index]));
	if (!isObject(sent) || !isObject(parsed)) return [];
	const keys = Object.keys(sent).filter((key) => !Object.hasOwn(parsed, key));
	const names = keys.map((key) => JSON.stringify(key)).join(', ');
	const message = `Unrecognized key${keys.length === 1 ? '' : 's'}: ${names}`;
	const own: UnknownKeys[] = keys.length === 0 ? [] : [{ code: 'unrecognized_keys', keys, path, message }];
	const below = Object.keys(sent).filter((key) => Object.hasOwn(parsed, key));
	return [...own, ...below.flatMap((key) => unknownKeys(sent[key], parsed[key], [...path, key]))];
}
