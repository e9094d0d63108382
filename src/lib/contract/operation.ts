import type { z } from 'zod';
import type { AnyPermission } from './permissions/permission.ts';

/**
 * Who may call an operation; the door reads nothing else.
 * `permission` binds API keys only: absent means a key needs `all`, `none` means any key will do.
 * `elevated` asks for a session that is unlocked by PIN, which no key ever is.
 */
export type Access =
	| { readonly public: true }
	| { readonly permission?: AnyPermission | 'none'; readonly admin?: true; readonly elevated?: true };

/** A JSON array sent item by item, so that its length costs no memory. */
export interface Streamed<Item extends z.ZodType = z.ZodType> {
	readonly stream: Item;
}

/** Items that are JSON already, separated by commas, where making objects of them would cost too much. */
export class JsonBytes {
	readonly bytes: Uint8Array;

	constructor(bytes: Uint8Array) {
		this.bytes = bytes;
	}
}

/** Declares a reply as a streamed array of `item`. */
export const stream = <Item extends z.ZodType>(item: Item): Streamed<Item> => ({ stream: item });

/** A text file to be saved, whose type and name the handler gives. */
export interface FileReply {
	readonly file: true;
}
export const file: FileReply = { file: true };

/** What a handler gives for a file: its text in pieces, so that its length costs no memory. */
export interface SentFile {
	readonly type: string;
	readonly name: string;
	readonly parts: AsyncIterable<string> | Iterable<string>;
}

/** A picture, sent as it is, with a type of its own. */
export interface Binary {
	readonly binary: true;
}

/** Declares a reply that is no JSON. */
export const binary: Binary = { binary: true };

/** What a handler of a binary reply returns. */
export interface BinaryReply {
	readonly content: ReadableStream<Uint8Array>;
	readonly sizeBytes: number;
	readonly contentType: `image/${string}`;
	/** Changes whenever the content does. */
	readonly version: string;
	/** How long a browser may keep it for its reader without asking again. */
	readonly maxAgeSeconds: number;
}

/** How a browser form reaches an operation: its own flat fields, and what of the answer goes back to the page. */
export interface FormDoor {
	/** The action's entrance, `<route id>?/<action>`; several where the same form stands on several pages. */
	readonly at: `/${string}?/${string}` | readonly `/${string}?/${string}`[];
	/** Flat and without unions; a field that a form leaves out reads as empty. */
	readonly fields: z.ZodObject;
	/** Makes the wire body and names only the keys that this form shows. Called with the output of `fields`. */
	readonly toBody?: (fields: never) => unknown;
	/** Names the row that is meant, where the page's path does not; joined to the parameters of the path. */
	readonly toParams?: (fields: never) => Readonly<Record<string, string>>;
	/** What goes back to the page; nothing where it is absent. */
	readonly says?: z.ZodType;
}

/** Checks that a form's body is made of its own fields. */
export const defineForm = <const Door extends { at: FormDoor['at']; says?: z.ZodType }, Fields extends z.ZodObject>(
	door: Door & {
		fields: Fields;
		toBody?: (fields: z.output<Fields>) => unknown;
		toParams?: (fields: z.output<Fields>) => Readonly<Record<string, string>>;
	}
) => door;

/** One row of the contract: every way in, who may enter, what goes in, what comes out. */
export interface Operation {
	readonly rest?: `${'GET' | 'POST' | 'PUT' | 'DELETE'} /${string}`;
	/** The same handler also answers PATCH, as Immich's newer clients send it. */
	readonly twin?: 'PATCH';
	readonly form?: FormDoor;
	readonly access: Access;
	/** Admits a user who must change the password first. */
	readonly whileMustChange?: true;
	/** Stays reachable while the server is in maintenance mode. */
	readonly maintenance?: true;
	readonly params?: z.ZodObject;
	readonly query?: z.ZodObject;
	readonly body?: z.ZodType;
	/** Refuses unknown keys in the body; elsewhere they are dropped, as in Immich. */
	readonly closed?: true;
	/** The body is a multipart form, which may hold files; JSON is not read. */
	readonly multipart?: true;
	readonly reply?: z.ZodType | Streamed | FileReply | Binary;
	readonly status?: 200 | 201 | 204;
	/** Largest body that is read; 64 KiB where silent. */
	readonly maxBytes?: number;
	/** Most values in its JSON, or fields in its form; 10,000 and 1,000 where silent. */
	readonly maxValues?: number;
	/** One sentence for the API document. */
	readonly summary: string;
}

/** Checks the rows against `Operation` and keeps their literal types. */
export const defineOperations = <const T extends Record<string, Operation>>(rows: T): T => rows;

type Parsed<T> = T extends z.ZodType ? z.output<T> : undefined;
type Member<T, Key extends string> = T extends Record<Key, infer Value> ? Value : undefined;

export type BodyOf<T extends Operation> = Parsed<Member<T, 'body'>>;
export type ParamsOf<T extends Operation> = Parsed<Member<T, 'params'>>;
export type QueryOf<T extends Operation> = Parsed<Member<T, 'query'>>;
export type FieldsOf<T extends Operation> = Parsed<Member<Member<T, 'form'>, 'fields'>>;

/** What a REST handler returns: at least the declared fields. */
export type ReplyOf<T extends Operation> =
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

/** What a form handler returns for its page. */
export type SaidOf<T extends Operation> =
	Member<Member<T, 'form'>, 'says'> extends infer S ? (S extends z.ZodType ? z.input<S> : unknown) : never;

export const isFile = (reply: Operation['reply']): reply is FileReply => reply !== undefined && 'file' in reply;
export const isStreamed = (reply: Operation['reply']): reply is Streamed => reply !== undefined && 'stream' in reply;
export const isBinary = (reply: Operation['reply']): reply is Binary => reply !== undefined && 'binary' in reply;
