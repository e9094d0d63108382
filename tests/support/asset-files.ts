import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Prisma } from '#lib/server/platform/database/database.ts';
import type { Api } from './api.ts';
import { Sharing } from './sharing.ts';

let made = 0;

/** Returns what creates an asset with a file that contains its name; each one is older than the one before. */
export const makeFilesIn =
	(api: Api) =>
	async (
		ownerId: string,
		originalFileName: string,
		fields: Partial<Prisma.AssetUncheckedCreateInput> = {},
		content = originalFileName,
		encoding: BufferEncoding = 'utf8'
	): Promise<string> => {
		const originalPath = path.posix.join('library', ownerId, `${String((made += 1))}.bin`);
		const file = path.join(api.dataDir, originalPath);
		await mkdir(path.dirname(file), { recursive: true });
		await writeFile(file, content, encoding);
		const moment = new Date(Date.UTC(2026, 0, 1) - made * 1_000);
		const id = await new Sharing(api.prisma).makePhoto(ownerId, {
			originalFileName,
			originalPath,
			localDateTime: moment,
			...fields
		});
		await api.prisma.assetExif.create({ data: { assetId: id, fileSizeInByte: content.length } });
		return id;
	};
