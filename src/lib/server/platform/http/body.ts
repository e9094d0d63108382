import { readBounded } from '../bounded-bytes.ts';
import { AppError, badRequest, bodyTimedOut, bodyTooLarge, unsupportedBody } from '../errors.ts';
import { parseMultipart } from './multipart.ts';
import { splitIntoPieces } from '../pieces.ts';

export const defaultMaxBytes = 64 * 1024;
/** Parsing and validation take time for each value, and quadratic time for a settings form. */
const defaultMaxValues = 10_000;
const defaultMaxFields = 1_000;
/** In each of these periods, a body must end or deliver at least this much. */
const progressMs = 60_000;
const progressBytes = 64 * 1024;

/**
 * Reads a body up to its limit.
 * @throws {AppError} 413 as soon as it is exceeded, regardless of Content-Length; 415 if it is compressed
 */
async function readBytes(request: Request, maxBytes: number): Promise<Buffer<ArrayBuffer>> {
	refuseCompressed(request);
	if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw bodyTooLarge();
	return request.body ? readBounded(received(request.body), maxBytes, bodyTooLarge) : Buffer.alloc(0);
}

/** @throws {AppError} 415 for a compressed body */
export function refuseCompressed({ headers }: Request): void {
	const encoding = headers.get('content-encoding')?.trim() ?? '';
	if (!/^(?:identity)?$/i.test(encoding)) throw unsupportedBody('content encoding', encoding);
}

/** Yields the parts of a body. The stream is never canceled: that would close the connection before the client has read the response. */
export async function* received(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, undefined> {
	const reader = body.getReader();
	const progress = new Progress();
	const next = () => progress.await(reader.read());
	try {
		for (let part = await next(); part.value; part = await next()) {
			progress.note(part.value.byteLength);
			yield part.value;
		}
	} finally {
		progress.end();
	}
	return undefined;
}

/**
 * Limits the time that a body may take.
 * @throws {AppError} 408 if it has stalled or arrives too slowly
 */
class Progress {
	readonly #timer: NodeJS.Timeout;
	#received = 0;
	#failure: Error | null = null;
	#reject: (error: Error) => void = () => {};

	constructor() {
		this.#timer = setInterval(() => {
			if (this.#received < progressBytes) {
				this.#failure ??= bodyTimedOut();
				this.#reject(this.#failure);
			}
			this.#received = 0;
		}, progressMs);
		this.#timer.unref();
	}

	/** Waits for the next part. A race with one lasting promise would keep all parts in memory until the body ends. */
	await<Part>(part: Promise<Part>): Promise<Part> {
		return new Promise((resolve, reject) => {
			if (this.#failure) reject(this.#failure);
			this.#reject = reject;
			part.then(resolve, reject);
		});
	}

	note(bytes: number): void {
		this.#received += bytes;
	}

	end(): void {
		clearInterval(this.#timer);
	}
}

/**
 * Reads a body as text.
 * @throws {AppError} 400 for a null character, 415 for a charset other than UTF-8
 */
async function readText(request: Request, maxBytes: number): Promise<string> {
	const charset = /;\s*charset=\s*"?([^\s;"]*)/i.exec(request.headers.get('content-type') ?? '')?.[1] ?? '';
	if (!/^(?:utf-?8|us-ascii)?$/i.test(charset)) throw unsupportedBody('charset', charset);
	const text = (await readBytes(request, maxBytes)).toString();
	if (text.includes('\0')) throw nullCharacter();
	return text;
}

/**
 * Reads the body of an API request: JSON, or a URL-encoded form, which Express accepts too; undefined if it is neither.
 * @throws {AppError} 400 if the body can't be parsed, 408 if it stops, 413 if it is too large, 415 if it is compressed or not UTF-8
 */
export async function readBody(
	request: Request,
	maxBytes: number,
	maxValues: number = defaultMaxValues
): Promise<unknown> {
	const text = await readText(request, maxBytes);
	const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
	if (text === '') return undefined;
	if (type === 'application/x-www-form-urlencoded') {
		refuseTooMany(text, maxValues);
		return Object.fromEntries([...new URLSearchParams(text)].map(([name, value]) => [name, storable(value)]));
	}
	if (type !== 'application/json') return undefined;
	await scanJson(text, maxValues);
	try {
		return JSON.parse(text.replace(/^\uFEFF/, ''), (key, value: unknown) => {
			storable(key);
			return typeof value === 'string' ? storable(value) : value;
		});
	} catch (cause) {
		if (cause instanceof AppError) throw cause;
		throw badRequest(cause instanceof Error ? cause.message : 'Request body is not valid JSON', { cause });
	}
}

/** Reads a browser form without files. */
export async function readForm(
	request: Request,
	maxBytes: number,
	maxFields: number = defaultMaxFields
): Promise<FormData> {
	return toForm(request, await readText(request, maxBytes), maxFields);
}

/** Reads a form with files from a browser or an app; any other content type counts as an empty form. */
export async function readMultipart(request: Request, maxBytes: number): Promise<FormData> {
	const isMultipart = /^multipart\/form-data\s*;/i.test(request.headers.get('content-type') ?? '');
	return isMultipart ? toForm(request, await readBytes(request, maxBytes), defaultMaxFields) : new FormData();
}

async function toForm(request: Request, body: string | Buffer<ArrayBuffer>, maxFields: number): Promise<FormData> {
	const type = request.headers.get('content-type') ?? '';
	if (typeof body === 'string') refuseTooMany(body, maxFields);
	const form = /^multipart\/form-data\s*;/i.test(type)
		? await parseMultipart(type, Buffer.from(body))
		: await new Response(body, { headers: { 'content-type': type } }).formData().catch((cause: unknown) => {
				throw badRequest('The form could not be read', { cause });
			});
	for (const value of form.values()) if (typeof value === 'string') storable(value);
	return form;
}

/**
 * Counts the fields of a URL-encoded form before it is parsed.
 * @throws {AppError} 400 if there are too many
 */
function refuseTooMany(form: string, maxFields: number): void {
	let count = 1;
	for (let at = form.indexOf('&'); at !== -1; at = form.indexOf('&', at + 1))
		if (++count > maxFields) throw badRequest('The form has too many fields');
}

const nullCharacter = () => badRequest('Request contains a null character');

/**
 * Refuses what PostgreSQL's text can't store: U+0000 and lone surrogates.
 * @throws {AppError} 400 for these
 */
export function storable(text: string): string {
	if (text.includes('\0')) throw nullCharacter();
	if (!text.isWellFormed()) throw badRequest('Request contains an incomplete character');
	return text;
}

/** Deeper than any body here, and far from where a parser overflows the stack. */
const maxDepth = 100;
const charactersAtOnce = 64 * 1024;

const toCharCode = (character: string): number => character.charCodeAt(0);
const quote = toCharCode('"');
const backslash = toCharCode('\\');
const comma = toCharCode(',');
const openers = new Set(['[', '{'].map(toCharCode));
const closers = new Set([']', '}'].map(toCharCode));

/**
 * Checks the size of JSON before it is parsed.
 * @throws {AppError} 400 if it is nested too deeply or has too many values
 */
export async function scanJson(json: string, maxValues: number): Promise<void> {
	const scan = new JsonScan(maxValues);
	for await (const piece of splitIntoPieces(json, charactersAtOnce)) scan.read(piece);
}

/** Counts brackets and values outside strings, in one pass. */
class JsonScan {
	readonly #maxValues: number;
	#depth = 0;
	#values = 1;
	#isInString = false;
	#isEscaped = false;

	constructor(maxValues: number) {
		this.#maxValues = maxValues;
	}

	read(piece: string): void {
		for (let at = 0; at < piece.length; at++) this.#step(piece.charCodeAt(at));
	}

	#step(code: number): void {
		if (this.#isEscaped) this.#isEscaped = false;
		else if (this.#isInString && code === backslash) this.#isEscaped = true;
		else if (code === quote) this.#isInString = !this.#isInString;
		else if (this.#isInString) return;
		else if (code === comma) this.#values++;
		else if (openers.has(code)) this.#depth++;
		else if (closers.has(code)) this.#depth--;
		if (this.#depth > maxDepth) throw badRequest('Request body is nested too deeply');
		if (this.#values > this.#maxValues) throw badRequest('Request body has too many values');
	}
}
