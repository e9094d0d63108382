import { Busboy } from '@fastify/busboy';
import { badRequest } from '../errors.ts';
import { splitIntoPieces } from '../pieces.ts';

/** More than any form here has. */
const limits = { parts: 200, files: 10, fieldNameSize: 200, headerPairs: 20, headerSize: 8 * 1024 };
/** How much is parsed before other requests run. */
const bytesAtOnce = 64 * 1024;

const unreadable = (cause?: unknown) => badRequest('The form could not be read', { cause });
const tooManyParts = () => badRequest('The form has too many parts');

/**
 * Parses a multipart form in linear time, with limits on parts and their headers.
 * @throws {AppError} 400 if the form is invalid, 408 if it stops, 413 if it is too large
 */
export async function parseMultipart(contentType: string, body: Uint8Array): Promise<FormData> {
	const form = new FormData();
	const parser = parserFor(contentType, body.byteLength);
	let failure: unknown;
	const fail = (error: unknown) => (failure ??= error);
	// A failed parser may never finish.
	const finished = new Promise<void>((resolve) => parser.once('finish', resolve).once('error', () => resolve()));
	parser
		.on('error', (error: unknown) => fail(unreadable(error)))
		.on('partsLimit', () => fail(tooManyParts()))
		.on('filesLimit', () => fail(tooManyParts()))
		.on('field', (name, value, isNameCut, isValueCut) => {
			if (isNameCut || isValueCut) fail(unreadable('A field is too long'));
			else form.append(name, value);
		})
		.on('file', (name, stream, filename, _, type) => {
			const chunks: Buffer<ArrayBuffer>[] = [];
			stream.on('error', (error) => fail(unreadable(error)));
			stream.on('data', (chunk: Buffer<ArrayBuffer>) => chunks.push(chunk));
			stream.on('end', () => form.append(name, new File(chunks, filename, { type })));
		});
	for await (const piece of splitIntoPieces(body, bytesAtOnce)) {
		if (failure !== undefined) break;
		parser.write(Buffer.from(piece));
	}
	if (failure === undefined) {
		parser.end();
		await finished;
	}
	if (failure !== undefined) {
		parser.destroy();
		throw failure;
	}
	return form;
}

function parserFor(contentType: string, byteLength: number) {
	try {
		// A body that is too large was rejected earlier.
		return new Busboy({ headers: { 'content-type': contentType }, limits: { ...limits, fieldSize: byteLength } });
	} catch (cause) {
		throw unreadable(cause);
	}
}
