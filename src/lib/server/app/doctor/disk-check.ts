import { mkdtemp, rmdir, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { ok, problem, warning, type Found } from './finding.ts';

const mebibyte = 1_024 ** 2;
const leastMebibytes = 100;
const fewMebibytes = 1_024;

/** Checks that DATA_DIR can be written, and that its disk has space. */
export async function checkDisk(dataDir: string): Promise<Found> {
	const folder = await nearestFolder(dataDir);
	if (!(await isWritable(folder)))
		return problem(
			`${folder} cannot be written by this user.`,
			'Make it writable for the user who runs the server, or set DATA_DIR to another folder.'
		);
	const { bavail, bsize, ffree, files } = await statfs(folder);
	// Some file systems count no files.
	if (files > 0 && ffree === 0)
		return problem(`The disk of ${dataDir} can hold no more files.`, 'Remove files from it.');
	return judgeSpace((bavail * bsize) / mebibyte, dataDir);
}

/** Judges the free space of a disk, in mebibytes. */
export function judgeSpace(free: number, dataDir: string): Found {
	const words = `${describeSize(free)} free for ${dataDir}.`;
	if (free < leastMebibytes) return problem(words, 'Make space: PostgreSQL stops when it can’t write.');
	return free < fewMebibytes ? warning(words, 'Make space, or move DATA_DIR to a larger disk.') : ok(words);
}

const describeSize = (mebibytes: number): string =>
	mebibytes < fewMebibytes ? `${mebibytes.toFixed(0)} MiB` : `${(mebibytes / fewMebibytes).toFixed(1)} GiB`;

/** Tries it: root may write anywhere, except where no one can. */
const isWritable = (folder: string): Promise<boolean> =>
	mkdtemp(path.join(folder, 'immich-admin-'))
		.then(rmdir)
		.then(
			() => true,
			() => false
		);

/** The folder, or the one in which it would be created. */
async function nearestFolder(folder: string): Promise<string> {
	const isThere = await stat(folder).then(
		(found) => found.isDirectory(),
		() => false
	);
	const above = path.dirname(folder);
	return isThere || above === folder ? folder : nearestFolder(above);
}
