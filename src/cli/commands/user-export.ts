import { open, rm } from 'node:fs/promises';
import { connect } from '../client/connect.ts';
import { readChunks } from '../client/server.ts';
import type { Context } from '../context.ts';
import { CliError } from '../cli-error.ts';
import { codeOf, fileError } from '../session/errors.ts';

interface ExportOptions {
	readonly output?: string | undefined;
	readonly search?: string | undefined;
	readonly deleted?: true | undefined;
}

/** Writes the users as the server exports them, piece by piece. */
export async function exportUsers(context: Context, options: ExportOptions): Promise<void> {
	const { output } = context;
	const { api } = await connect(context);
	const query = {
		format: output.isJson ? 'json' : 'csv',
		q: options.search,
		...(options.deleted && { status: 'all' })
	};
	const transfer = async () => {
		// However long it takes, as long as something reads it.
		const response = await api.do('GET /admin/user-directory/export', { query, signal: output.closed });
		const chunks = readChunks(api.server.api, response);
		if (options.output === undefined) return print(context, chunks);
		await writeNew(options.output, chunks);
		output.note(`Wrote ${options.output}`);
	};
	try {
		// An aborted answer may never end.
		await Promise.race([transfer(), closing(output.closed)]);
	} catch (error) {
		if (!output.closed.aborted) throw error;
	}
}

const closing = (closed: AbortSignal): Promise<unknown> =>
	closed.aborted ? Promise.resolve() : new Promise((resolve) => closed.addEventListener('abort', resolve));

type Chunks = AsyncIterable<Uint8Array>;

async function print({ output }: Context, chunks: Chunks): Promise<void> {
	const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
	for await (const chunk of chunks) await output.raw(decoder.decode(chunk, { stream: true }));
}

/** Writes a file that only its owner may read, and that doesn't exist yet; none is left if it is incomplete. */
async function writeNew(file: string, chunks: Chunks): Promise<void> {
	const handle = await open(file, 'wx', 0o600).catch((error: unknown) => {
		if (codeOf(error) === 'EEXIST') throw new CliError(`${file} exists already.`, 'Name another file.');
		throw fileError(file, 'written', error);
	});
	try {
		for await (const chunk of chunks)
			await handle.writeFile(chunk).catch((error: unknown) => {
				throw fileError(file, 'written', error);
			});
	} catch (error) {
		await rm(file, { force: true });
		throw error;
	} finally {
		await handle.close();
	}
}
