import { open, opendir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { z } from 'zod';
import { storageFolders, type MaintenanceDetectInstallResponseDto } from '#lib/contract/maintenance/maintenance.ts';

const marker = '.immich';

/** Checks the folders in which an installation stores its files. */
export class InstallService {
	readonly #dataDir: string;

	constructor(dataDir: string) {
		this.#dataDir = dataDir;
	}

	/**
	 * Never fails as a whole: errors are reported per folder.
	 * Source: docs/wire-reference/maintenance.md#detect-install.
	 */
	async detect(): Promise<z.input<typeof MaintenanceDetectInstallResponseDto>> {
		return { storage: await Promise.all(storageFolders.map((folder) => this.#look(folder))) };
	}

	async #look<Folder extends string>(folder: Folder) {
		const place = path.join(this.#dataDir, folder);
		const writable = await succeeds(async () => (await open(path.join(place, marker), 'a')).close());
		const readable = await succeeds(() => readFile(path.join(place, marker)));
		return { folder, readable, writable, files: readable ? await countFiles(place) : 0 };
	}
}

async function succeeds(act: () => Promise<unknown>): Promise<boolean> {
	try {
		await act();
		return true;
	} catch {
		return false;
	}
}

/** Counts entries one by one, because a folder may hold very many. */
async function countFiles(place: string): Promise<number> {
	let count = 0;
	try {
		for await (const { name } of await opendir(place)) if (name !== marker) count += 1;
	} catch {
		return 0;
	}
	return count;
}
