import type { z } from 'zod';
import { isSecret } from './fields.ts';
import type { AnyPermission } from './permissions/permission.ts';

/**
 * Who may use an operation; the only input of the auth hook. `permission` applies to API keys only: absent means a key needs
 * `all`, `none` means any key works. `elevated` requires a session unlocked by PIN, which a key never is. `sharedLink` also
 * admits visitors of a shared link who have entered its password, or `withoutPassword` all of them.
 */
export type Access =
	| { readonly public: true }
	| {
			readonly permission?: AnyPermission | 'none';
			readonly admin?: true;
			readonly elevated?: true;
			readonly sharedLink?: true | 'withoutPassword';
	  };

/** A JSON array sent item by item to keep memory use constant. */
export interface Streamed<Item extends z.ZodType = z.ZodType> {
	readonly stream: Item;
}

/** Items already serialized as JSON and comma-separated, where creating objects would cost too much. */
export class JsonBytes {
	readonly bytes: Uint8Array;

	constructor(bytes: Uint8Array) {
		this.bytes = bytes;
	}
}

/** Declares a response as a streamed array of `item`. */
export const stream = <Item extends z.ZodType>(item: Item): Streamed<Item> => ({ stream: item });

/** A file to download; the handler sets type and name. */
export interface FileReply {
	readonly file: true;
}
export const file: FileReply = { file: true };

/** A file returned by a handler, in chunks to keep memory use constant. */
export interface SentFile {
	readonly type: string;
	readonly name: string;
	/** Known before it is sent; if the parts differ, the response is aborted. */
	readonly sizeBytes?: number;
	readonly parts: AsyncIterable<string | Uint8Array> | Iterable<string>;
}

/** A file sent unchanged with its own content type. */
export interface Binary {
	readonly binary: true;
}

/** Declares a binary response. */
export const binary: Binary = { binary: true };

/** A part of a file; both positions are inclusive. */
export interface ByteRange {
	readonly start: number;
	readonly end: number;
}

/** What the handler of a binary response returns. */
export interface BinaryReply {
	/** The whole content, or what opens a part of it: then ranges can be requested. */
	readonly content: ReadableStream<Uint8Array> | ((range: ByteRange) => ReadableStream<Uint8Array>);
	readonly sizeBytes: number;
	readonly contentType: string;
	/** Browsers save it under this name instead of showing it. */
	readonly downloadName?: string;
	/** Changes whenever the content changes. */
	readonly version: string;
	/** How long a browser may cache it privately without revalidating. */
	readonly maxAgeSeconds: number;
}

/** How an HTML form maps to an operation: its flat fields and what is returned to the page. */
export interface FormDefinition {
	/** The form action's path, `<route id>?/<action>`; several if the form appears on several pages. */
	readonly at: `/${string}?/${string}` | readonly `/${string}?/${string}`[];
	/** Flat and without unions; a field missing from the form reads as empty. */
	readonly fields: z.ZodObject;
	/** Whether a field that `fields` doesn't list is secret. */
	readonly isSecret?: (name: string) => boolean;
	/** Builds the wire body with only the keys this form shows. Called with the output of `fields`. */
	readonly toBody?: (fields: never) => unknown;
	/** Adds path parameters that the page's own path lacks. */
	readonly toParams?: (fields: never) => Readonly<Record<string, string>>;
	/** What is returned to the page; nothing if absent. */
	readonly result?: z.ZodType;
}

/** Whether a form's field is secret. */
export const isSecretField = ({ fields, isSecret: isOtherSecret }: FormDefinition, name: string): boolean => {
	const known: Readonly<Record<string, z.core.$ZodType>> = fields.shape;
	const field = Object.hasOwn(known, name) ? known[name] : undefined;
	return field ? isSecret(field) : (isOtherSecret?.(name) ?? false);
};

/** Checks that a form's body is built from its own fields. */
export const defineForm = <
	const Definition extends Pick<FormDefinition, 'at' | 'isSecret' | 'result'>,
	Fields extends z.ZodObject
>(
	form: Definition & {
		fields: Fields;
		toBody?: (fields: z.output<Fields>) => unknown;
		toParams?: (fields: z.output<Fields>) => Readonly<Record<string, string>>;
	}
) => form;

/** One row of the contract: entry points, access rule, input and output. */
export interface Operation {
	readonly rest?: `${'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'} /${string}`;
	/** The handler also serves PATCH, which newer Immich clients send. */
	readonly twin?: 'PATCH';
	readonly form?: FormDefinition;
	readonly access: Access;
	/** Available while a password change is required. */
	readonly whileMustChange?: true;
	/** Available in maintenance mode. */
	readonly maintenance?: true;
	/** Immich serves it if this server is in front of one; `rest`: but its form remains here. */
	readonly upstream?: true | 'rest';
	readonly params?: z.ZodObject;
	readonly query?: z.ZodObject;
	readonly body?: z.ZodType;
	/** Rejects unknown keys in the body; by default they are dropped, as in Immich. */
	readonly closed?: true;
	/**
	 * The body is multipart form data, which can contain files; JSON is not accepted. `streamed`: files go to the disk while
	 * they arrive, so `maxBytes` doesn't apply to them.
	 */
	readonly multipart?: true | 'streamed';
	readonly reply?: z.ZodType | Streamed | FileReply | Binary;
	readonly status?: 200 | 201 | 204;
	/** Where the status depends on the reply. */
	readonly statusOf?: (reply: never) => 200 | 201;
	/** Its errors with status 400 are those of OAuth 2.0: `{ error }` with a code. Source: RFC 6749 §5.2. */
	readonly oauthErrors?: true;
	/** Maximum body size; 64 KiB by default. */
	readonly maxBytes?: number;
	/** Maximum number of JSON values or form fields; 10,000 and 1,000 by default. */
	readonly maxValues?: number;
	/** One sentence for the OpenAPI document. */
	readonly summary: string;
}

/** Type-checks the rows against `Operation` and keeps their literal types. */
export const defineOperations = <const T extends Record<string, Operation>>(operations: T): T => operations;

/** Like `defineOperations`, for rows that Immich serves if this server is in front of one. */
export const defineUpstreamOperations = <const T extends Record<string, Operation>>(operations: T): T =>
	// The mark is in no row's type.
	Object.fromEntries(Object.entries(operations).map(([id, row]) => [id, { ...row, upstream: true }])) as unknown as T;

type Parsed<T> = T extends z.ZodType ? z.output<T> : undefined;
type Member<T, Key extends string> = T extends Record<Key, infer Value> ? Value : undefined;

export type OperationBody<T extends Operation> = Parsed<Member<T, 'body'>>;
export type OperationParams<T extends Operation> = Parsed<Member<T, 'params'>>;
export type OperationQuery<T extends Operation> = Parsed<Member<T, 'query'>>;
export type OperationFields<T extends Operation> = Parsed<Member<Member<T, 'form'>, 'fields'>>;

/** What a REST handler returns: at least the declared fields. */
export type OperationReply<T extends Operation> =
	Member<T, 'reply'> extends infer R
		? R extends Streamed<infer Item>
			? AsyncIterable<z.input<Item> | JsonBytes>
			: R extends FileReply
				? SentFile
				: R extends Binary
					? BinaryReply
					: R extends z.ZodType
						? z.input<R>
						: void
		: never;

/** What a form handler returns to its page. */
export type FormResult<T extends Operation> =
	Member<Member<T, 'form'>, 'result'> extends infer S ? (S extends z.ZodType ? z.input<S> : unknown) : never;

/** Whether an operation replies with a file to download. */
export const isFile = (reply: Operation['reply']): reply is FileReply => reply !== undefined && 'file' in reply;
/** Whether an operation replies with a JSON array that is sent item by item. */
export const isStreamed = (reply: Operation['reply']): reply is Streamed => reply !== undefined && 'stream' in reply;
/** Whether an operation replies with an image. */
export const isBinary = (reply: Operation['reply']): reply is Binary => reply !== undefined && 'binary' in reply;
