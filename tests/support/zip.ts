import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

const run = promisify(execFile);

const script = `
import base64, json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as archive:
    assert archive.testzip() is None
    print(json.dumps([[entry.filename, base64.b64encode(archive.read(entry)).decode(), entry.compress_type] for entry in archive.infolist()]))
`;
const Entries = z.array(z.tuple([z.string(), z.string(), z.literal(0)]));

/** Reads a zip file with another implementation, which also checks it: names and contents, all uncompressed. */
export async function readZip(bytes: Buffer): Promise<[name: string, content: string][]> {
	const folder = await mkdtemp(path.join(tmpdir(), 'immich-auth-zip-'));
	try {
		const file = path.join(folder, 'archive.zip');
		await writeFile(file, bytes);
		const { stdout } = await run('python3', ['-c', script, file], { maxBuffer: 64 * 1024 * 1024 });
		return Entries.parse(JSON.parse(stdout)).map(([name, content]) => [
			name,
			Buffer.from(content, 'base64').toString()
		]);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}
