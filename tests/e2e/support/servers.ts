import { startFreshServer, type FreshServer } from '../../support/server.ts';
import { Seed } from './accounts.ts';
import { templateData } from './template.ts';

interface Place {
	readonly file: string;
	readonly server: FreshServer;
	seed?: Promise<Seed>;
}

/** Keeps the server of the running spec file; the next file gets a new one with an empty database. */
export class Servers {
	#place: Place | null = null;

	async of(file: string): Promise<FreshServer> {
		return (await this.#at(file)).server;
	}

	/** Creates the first admin of the file's server, once. */
	async seedOf(file: string): Promise<Seed> {
		const place = await this.#at(file);
		place.seed ??= Seed.plant(place.server);
		return place.seed;
	}

	async stop(): Promise<void> {
		await this.#place?.server.stop();
		this.#place = null;
	}

	async #at(file: string): Promise<Place> {
		if (this.#place?.file === file) return this.#place;
		await this.stop();
		this.#place = { file, server: await startFreshServer({}, templateData()) };
		return this.#place;
	}
}
