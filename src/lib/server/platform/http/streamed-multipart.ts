import type { Readable } from 'node:stream';
import { once } from 'node:events';
import { Busboy } from '@fastify/busboy';
import { AppError, badRequest, clientGone } from '../errors.ts';
import { received, refuseCompressed, storable } from './body.ts';

/** Takes the files of a form while they arrive. */
export interface FileSink {
	/** Stores a file and returns what the form's field becomes. It rejects if `content` fails. */
	readonly store: (field: string, fileName: string, content: Readable) => Promise<unknown>;
	/** Whether a file of this field is wanted; others are skipped. */
	readonly wants: (field: string) => boolean;
}

/** More than any client sends. */
const limits = {
	parts: 100,
	files: 50,
	fields: 100,
	fieldNameSize: 200,
	fieldSize: 64 * 1024,
	headerPairs: 20,
	headerSize: 8 * 1024
};

const unreadable = (cause?: unknown) => badRequest('The form could not be read', { cause });

/**
 * Reads a multipart form whose files are stored while they arrive, at the speed of the disk. What isn't a multipart form
 * counts as an empty one. Rejects only once no file is being stored any more.
 * @throws {AppError} 400 if the form is invalid or the client disconnects, 408 if it stops, 415 if it is compressed
 * @throws whatever the sink rejects with
 */
export async function readStreamedMultipart(request: Request, sink: FileSink): Promise<Record<string, unknown>> {
	refuseCompressed(request);
	const contentType = request.headers.get('content-type') ?? '';
	if (!/^multipart\/form-data\s*;/i.test(contentType) || !request.body) return {};
	const fields = new Map<string, unknown>();
	const parser = createParser(contentType);
	const files: Promise<void>[] = [];
	const open = new Set<Readable>();
	const aborting = new AbortController();
	const failed = new Promise<never>((_, reject) =>
		aborting.signal.addEventListener('abort', () => reject(aborting.signal.reason as Error), { once: true })
	);
	failed.catch(() => undefined);
	// Only the first failure counts: the others follow from it.
	const fail = (reason: unknown) => aborting.abort(reason);
	parser
		.on('error', (error: unknown) => fail(unreadable(error)))
		.on('partsLimit', () => fail(badRequest('The form has too many parts')))
		.on('filesLimit', () => fail(badRequest('The form has too many parts')))
		.on('fieldsLimit', () => fail(badRequest('The form has too many fields')))
		.on('field', (name, value, isNameCut, isValueCut) => {
			try {
				if (isNameCut || isValueCut) fail(unreadable('A field is too long'));
				else fields.set(name, storable(value));
			} catch (error) {
				fail(error);
			}
		})
		.on('file', (name, stream, fileName) => {
			let broken: unknown;
			stream.on('error', (error) => (broken = error));
			if (!sink.wants(name) || fields.has(name)) return void stream.resume();
			open.add(stream);
			fields.set(name, null);
			const stored = sink.store(name, fileName, stream).then(
				(value) => void fields.set(name, value),
				(error: unknown) => fail(error === broken && isOfParser(error) ? unreadable(error) : error)
			);
			files.push(stored.finally(() => open.delete(stream)));
		});
	const finished = new Promise<void>((resolve) => parser.once('finish', resolve));
	try {
		await Promise.race([feed(parser, received(request.body), aborting.signal), failed]);
		parser.end();
		await Promise.race([finished, failed]);
		await Promise.race([Promise.all(files), failed]);
		return Object.fromEntries(fields);
	} catch (thrown) {
		const error: unknown = aborting.signal.aborted ? aborting.signal.reason : thrown;
		const reason = error instanceof AppError ? error : isDisconnection(error) ? clientGone() : error;
		for (const stream of open) stream.destroy(reason instanceof Error ? reason : undefined);
		parser.destroy();
		await Promise.all(files);
		throw reason;
	}
}

/** Passes on the parts of a body no faster than they are stored. */
async function feed(
	parser: InstanceType<typeof Busboy>,
	parts: AsyncIterable<Uint8Array>,
	signal: AbortSignal
): Promise<void> {
	for await (const part of parts) {
		if (parser.write(part)) continue;
		// A race with one lasting promise would keep something of every part.
		await once(parser, 'drain', { signal });
	}
}

/** The parser's errors have no code, unlike those of the system and of the application. */
const isOfParser = (error: unknown): boolean =>
	!(error instanceof AppError) && error instanceof Error && !('code' in error);

/** The body's stream fails with an error of Node's when the connection ends. */
const isDisconnection = (error: unknown): boolean =>
	error instanceof Error &&
	(('code' in error && ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR'].includes(String(error.code))) ||
		error.name === 'AbortError' ||
		error.message === 'aborted' ||
		error.message === 'terminated');

function createParser(contentType: string): InstanceType<typeof Busboy> {
	try {
		return new Busboy({ headers: { 'content-type': contentType }, limits });
	} catch (cause) {
		throw unreadable(cause);
	}
}
