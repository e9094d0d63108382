import { open } from 'node:fs/promises';
import { connect } from '../client/connect.ts';
import type { Context } from '../context.ts';
import { CliError } from '../cli-error.ts';
import { codeOf, fileError } from '../session/errors.ts';

interface ExportOptions {
	readonly output?: string | undefined;
	readonly search?: string | undefined;
	readonly deleted?: true | undefined;
}

/** Writes the users as the server exports them, piece by piece. */
export async function exportUsers(context: Context, { output: file, search, deleted }: ExportOptions): Promise<void> {
	const { api } = await connect(context);
	const response = await api.do('GET /admin/user-directory/export', {
		query: { format: context.output.isJson ? 'json' : 'csv', q: search, ...(deleted && { status: 'all' }) },
		// However long it takes, as long as something reads it.
		signal: context.output.closed
	});
	if (file === undefined) {
		const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
		for await (const part of response.body ?? []) {
			if (context.output.closed.aborted) return;
			await context.output.raw(decoder.decode(part, { stream: true }));
		}
		return;
	}
	const handle = await open(file, 'wx', 0o600).catch((error: unknown) => {
		if (codeOf(error) === 'EEXIST') throw new CliError(`${file} exists already.`, 'Name another file.');
		throw fileError(file, 'written', error);
	});
	try {
		for await (const part of response.body ?? []) await handle.write(part as Uint8Array);
	} finally {
		await handle.close();
	}
	context.output.note(`Wrote ${file}`);
}
