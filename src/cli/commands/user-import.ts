import { createReadStream } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { ApiError, type Api } from '../client/api.ts';
import { connect } from '../client/connect.ts';
import { Batch, BatchItem, BatchStarted } from '../client/replies.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { codeOf, fileError } from '../session/errors.ts';
import { readJson, writeJson, writePrivately } from '../session/json-file.ts';
import { toPlainText } from '../session/plain-text.ts';
import { formatTable } from '../terminal/output.ts';
import { startProgress } from '../terminal/progress.ts';
import { confirm } from '../terminal/prompts.ts';

interface ImportOptions {
	readonly dryRun?: true | undefined;
	readonly temporaryPasswords: boolean;
	readonly result?: string | undefined;
	readonly passwords?: string | undefined;
	readonly yes?: true | undefined;
	readonly resume?: true | undefined;
}

const batches = '/admin/user-batches';
const pollMs = 250;
/** While the server can't be reached: how often to try again, and how many times. */
const retryMs = 1_000;
const mostFailures = 60;
/** More than servers accept; a device file has no end. */
const maxFileBytes = 64 * 1024 ** 2;

/** A running import, kept on disk so that its passwords can be fetched even if this program is ended. */
const Running = z.object({ server: z.string(), batchId: z.string(), downloadKey: z.string().nullable() });
type Running = z.output<typeof Running>;

/** Creates users from a CSV file, or only checks what would become of each line. */
export async function importUsers(context: Context, file: string, options: ImportOptions): Promise<void> {
	const files = nameFiles(file, options);
	const csv = options.resume ? null : await readCsv(file);
	const { api } = await connect(context);
	const running = csv === null ? await readRunning(api, files.running) : await start(context, api, file, csv, options);
	if (running !== null) await complete(context, api, file, options, running);
}

/** Checks the lines and, unless that is all that is wanted, starts the import. */
async function start(
	context: Context,
	api: Api,
	file: string,
	csv: string,
	options: ImportOptions
): Promise<Running | null> {
	const files = nameFiles(file, options);
	const body = { csv, withPasswords: options.temporaryPasswords };
	const draft = await api.call(`POST ${batches}/import`, Batch, { body });
	const lines = await readItems(api, draft);
	const rejected = lines.filter(({ reason }) => reason !== null).length;
	const ready = lines.length - rejected;
	if (options.dryRun) {
		await discard(api, draft);
		await showCheck(context, file, lines);
		if (rejected > 0) throw new CliError(`${rejected} of ${lines.length} lines can't be imported.`);
		return null;
	}
	const reserved: string[] = [];
	try {
		if (ready === 0) throw new CliError('No line can be imported.', 'See why with --dry-run.');
		await confirm(`Create ${ready} users${rejected > 0 ? `; ${rejected} lines can't be imported` : ''}?`, options.yes);
		// Before anything is created: the passwords can be fetched only once.
		for (const name of [files.result, files.running, ...(options.temporaryPasswords ? [files.passwords] : [])]) {
			await reserve(name);
			reserved.push(name);
		}
		const { downloadKey } = await api.call(`POST ${batches}/${draft.id}/start`, BatchStarted);
		const running = { server: api.server.url, batchId: draft.id, downloadKey };
		await writeJson(files.running, running);
		return running;
	} catch (error) {
		await Promise.all(reserved.map((name) => rm(name, { force: true })));
		await discard(api, draft);
		throw error;
	}
}

/**
 * Reads which import is running.
 * @throws {CliError} if there is none, or it runs on another server
 */
async function readRunning(api: Api, file: string): Promise<Running> {
	const { data } = Running.safeParse(await readJson(file));
	if (data === undefined) throw new CliError(`There is no import to resume: ${file} doesn't name one.`);
	if (data.server !== api.server.url)
		throw new CliError(`The import was started on ${toPlainText(data.server)}.`, 'Choose its profile with --profile.');
	return data;
}

/** Waits for the end of the import, and writes its result and the passwords. */
async function complete(
	context: Context,
	api: Api,
	file: string,
	options: ImportOptions,
	{ batchId, downloadKey }: Running
): Promise<void> {
	const files = nameFiles(file, options);
	const finished = await finish(context, api, batchId);
	await writePrivately(files.result, await api.text(`GET ${batches}/${batchId}/result`));
	const hasPasswords = downloadKey !== null && finished.passwords > 0;
	if (hasPasswords)
		await writePrivately(
			files.passwords,
			await api.text(`POST ${batches}/${batchId}/passwords`, { body: { downloadKey } })
		);
	else if (options.temporaryPasswords) await rm(files.passwords, { force: true });
	const items = await readItems(api, finished);
	await rm(files.running, { force: true });
	const { done: created } = finished;
	const passwordsFile = hasPasswords ? files.passwords : null;
	const isPartial = created < finished.total;
	context.output.result(
		{
			file,
			dryRun: false,
			total: finished.total,
			created,
			failed: finished.total - created,
			resultFile: files.result,
			passwordsFile,
			lines: items.map((item) => toLine(item, item.outcome === 'done' ? 'created' : 'failed'))
		},
		() => [
			`Created ${created} of ${finished.total} users.`,
			`Result of each line: ${files.result}`,
			...(passwordsFile === null ? [] : [`Temporary passwords, for you only: ${passwordsFile}`])
		]
	);
	if (isPartial) throw new CliError(`${finished.total - created} of ${finished.total} users were not created.`);
}

async function readCsv(file: string): Promise<string> {
	const chunks: Buffer[] = [];
	let length = 0;
	try {
		for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
			chunks.push(chunk);
			length += chunk.length;
			if (length > maxFileBytes) break;
		}
	} catch (error) {
		if (codeOf(error) === 'ENOENT') throw new CliError(`There is no file ${file}.`);
		throw fileError(file, 'read', error);
	}
	if (length > maxFileBytes) throw new CliError(`${file} is too large.`, 'Split it into several files.');
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
	} catch {
		throw new CliError(`${file} is not in UTF-8.`, 'Save it as CSV UTF-8.');
	}
}

/** The lines of the file, with the result of each. */
async function readItems(api: Api, { id, total }: Pick<Batch, 'id' | 'total'>): Promise<BatchItem[]> {
	const items: BatchItem[] = [];
	for (;;) {
		const after = items.at(-1)?.position;
		const page = await api.call(`GET ${batches}/${id}/items`, z.array(BatchItem), { query: { after } });
		items.push(...page);
		if (page.length === 0 || items.length >= total) return items;
	}
}

const discard = (api: Api, { id }: Batch) => api.do(`DELETE ${batches}/${id}`).catch(() => undefined);

const toLine = ({ position, email, name, reason, userId }: BatchItem, outcome: string) => ({
	line: position,
	email,
	name,
	outcome,
	reason,
	userId
});

async function showCheck({ output }: Context, file: string, items: readonly BatchItem[]): Promise<void> {
	const lines = items.map((item) => toLine(item, item.reason === null ? 'ready' : 'rejected'));
	const rejected = lines.filter(({ outcome }) => outcome === 'rejected').length;
	const table = output.isJson
		? ''
		: await formatTable(
				['Line', 'Email', 'Name', 'Result'],
				lines.map(({ line, email, name, reason }) => [line, email, name, reason ?? 'would be created'])
			);
	output.result(
		{
			file,
			dryRun: true,
			total: lines.length,
			created: 0,
			failed: rejected,
			resultFile: null,
			passwordsFile: null,
			lines
		},
		() => [table, `${lines.length - rejected} of ${lines.length} users would be created.`]
	);
}

/** Next to the file `new.csv`: `new.result.csv`, `new.passwords.csv`, and while it runs `new.import.json`. */
function nameFiles(file: string, { result, passwords }: ImportOptions) {
	const { dir, name } = path.parse(file);
	return {
		result: result ?? path.join(dir, `${name}.result.csv`),
		passwords: passwords ?? path.join(dir, `${name}.passwords.csv`),
		running: path.join(dir, `${name}.import.json`)
	};
}

/** Creates a file for its owner only, so that writing to it later doesn't fail and replaces nothing. */
async function reserve(file: string): Promise<void> {
	await writeFile(file, '', { mode: 0o600, flag: 'wx' }).catch((error: unknown) => {
		if (codeOf(error) === 'EEXIST')
			throw new CliError(`${file} exists already.`, 'Name other files with --result and --passwords.');
		throw fileError(file, 'written', error);
	});
}

/**
 * Waits until the server has created the users, also while it can't be reached. Ctrl-C doesn't stop it, since it happens on the
 * server.
 * @throws {CliError} if the server can't be reached for long
 */
async function finish({ output }: Context, api: Api, batchId: string): Promise<Batch> {
	const stay = () => output.note('\nThe server is creating the users. Please wait for the temporary passwords.');
	process.on('SIGINT', stay);
	let progress: Awaited<ReturnType<typeof startProgress>> | null = null;
	let failures = 0;
	try {
		for (;;) {
			const batch = await api.call(`GET ${batches}/${batchId}`, Batch).catch((error: unknown) => {
				if (error instanceof ApiError && error.status < 500) throw error;
				if (!(error instanceof CliError) || ++failures > mostFailures) throw toUnfinished(error);
				return null;
			});
			if (batch) {
				failures = 0;
				progress ??= await startProgress('Creating users', batch.total);
				progress.show(batch.total - batch.waiting);
				if (batch.state === 'finished') return batch;
			}
			await sleep(batch ? pollMs : retryMs);
		}
	} finally {
		process.off('SIGINT', stay);
		progress?.end();
	}
}

const toUnfinished = (error: unknown): unknown =>
	error instanceof CliError
		? new CliError(error.message, 'The import continues on the server. Run the command again with --resume.')
		: error;
