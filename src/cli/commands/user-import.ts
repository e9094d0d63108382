import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Api } from '../client/api.ts';
import { connect } from '../client/connect.ts';
import { Batch, BatchItem, BatchStarted } from '../client/replies.ts';
import { CliError } from '../cli-error.ts';
import type { Context } from '../context.ts';
import { codeOf, fileError } from '../session/errors.ts';
import { writePrivately } from '../session/json-file.ts';
import { formatTable } from '../terminal/output.ts';
import { startProgress } from '../terminal/progress.ts';
import { confirm } from '../terminal/prompts.ts';

interface ImportOptions {
	readonly dryRun?: true | undefined;
	readonly temporaryPasswords: boolean;
	readonly result?: string | undefined;
	readonly passwords?: string | undefined;
	readonly yes?: true | undefined;
}

const batches = '/admin/user-batches';
const pollMs = 250;

/** Creates users from a CSV file, or only checks what would become of each line. */
export async function importUsers(context: Context, file: string, options: ImportOptions): Promise<void> {
	const csv = await readCsv(file);
	const { api } = await connect(context);
	const body = { csv, withPasswords: options.temporaryPasswords };
	const draft = await api.call(`POST ${batches}/import`, Batch, { body });
	const lines = await readItems(api, draft);
	const rejected = lines.filter(({ reason }) => reason !== null).length;
	const ready = lines.length - rejected;
	if (options.dryRun) {
		await discard(api, draft);
		await showCheck(context, file, lines);
		if (rejected > 0) throw new CliError(`${rejected} of ${lines.length} lines can't be imported.`);
		return;
	}
	const files = nameFiles(file, options);
	const reserved: string[] = [];
	let started: string | null;
	try {
		if (ready === 0) throw new CliError('No line can be imported.', 'See why with --dry-run.');
		await confirm(`Create ${ready} users${rejected > 0 ? `; ${rejected} lines can't be imported` : ''}?`, options.yes);
		// Before anything is created: the passwords can be fetched only once.
		for (const name of [files.result, ...(options.temporaryPasswords ? [files.passwords] : [])]) {
			await reserve(name);
			reserved.push(name);
		}
		({ downloadKey: started } = await api.call(`POST ${batches}/${draft.id}/start`, BatchStarted));
	} catch (error) {
		await Promise.all(reserved.map((name) => rm(name, { force: true })));
		await discard(api, draft);
		throw error;
	}
	const finished = await finish(context, api, draft);
	await writePrivately(files.result, await api.text(`GET ${batches}/${draft.id}/result`));
	const hasPasswords = started !== null && finished.passwords > 0;
	if (hasPasswords)
		await writePrivately(
			files.passwords,
			await api.text(`POST ${batches}/${draft.id}/passwords`, { body: { downloadKey: started } })
		);
	else if (options.temporaryPasswords) await rm(files.passwords, { force: true });
	const items = await readItems(api, draft);
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
	const bytes = await readFile(file).catch((error: unknown) => {
		if (codeOf(error) === 'ENOENT') throw new CliError(`There is no file ${file}.`);
		throw fileError(file, 'read', error);
	});
	try {
		return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
	} catch {
		throw new CliError(`${file} is not in UTF-8.`, 'Save it as CSV UTF-8.');
	}
}

/** The lines of the file, with the result of each. */
async function readItems(api: Api, { id, total }: Batch): Promise<BatchItem[]> {
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

/** Next to the file: `new.csv`, `new.result.csv`, `new.passwords.csv`. */
function nameFiles(file: string, { result, passwords }: ImportOptions) {
	const { dir, name } = path.parse(file);
	return {
		result: result ?? path.join(dir, `${name}.result.csv`),
		passwords: passwords ?? path.join(dir, `${name}.passwords.csv`)
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

/** Waits until the server has created the users; Ctrl-C doesn't stop it, since it happens on the server. */
async function finish({ output }: Context, api: Api, { id, total }: Batch): Promise<Batch> {
	const progress = await startProgress('Creating users', total);
	const stay = () =>
		output.note('The server is creating the users; the temporary passwords would be lost. Please wait.');
	process.on('SIGINT', stay);
	try {
		for (;;) {
			const batch = await api.call(`GET ${batches}/${id}`, Batch);
			progress.show(total - batch.waiting);
			if (batch.state === 'finished') return batch;
			await sleep(pollMs);
		}
	} finally {
		process.off('SIGINT', stay);
		progress.end();
	}
}
