import type { IncomingMessage, Server } from 'node:http';
import { OpenResources } from '#lib/server/platform/open-resources.ts';

/** How a request reached the server, as far as its launcher knows. */
export interface RequestSource {
	/** Scheme and host as the browser has them. */
	readonly origin: string;
	readonly address: string;
}

/** What the running application offers to the process that serves it. */
export interface Application {
	/** Serves websockets on a server; what it returns ends them all and admits no more. */
	attach(server: Server, sourceOf: (request: IncomingMessage) => RequestSource): () => void;
}

interface Host {
	onProgress?: (message: string) => void;
	application?: Application;
	onPublished?: (application: Application) => void;
	resources?: OpenResources;
}

declare global {
	var immichAuthHost: Host | undefined;
}

/** Finds the one object that the server's launcher and the built application share, though each is loaded apart. */
const host = (): Host => (globalThis.immichAuthHost ??= {});

/** The meeting point of launcher and application. */
export const lifecycle = {
	/** Tells whoever started the server what takes long. */
	onProgress: (message: string): void => host().onProgress?.(message),
	/** Called by the application once it is ready. */
	publish(application: Application): void {
		host().application = application;
		host().onPublished?.(application);
	},
	/** Called by the launcher before the application is loaded. */
	listen(onProgress: (message: string) => void): void {
		host().onProgress = onProgress;
	},
	/** Called by a launcher that does not load the application itself. */
	onPublished(listener: (application: Application) => void): void {
		host().onPublished = listener;
	},
	application: (): Application | undefined => host().application,
	/** What the process has open; the launcher closes it. */
	get resources(): OpenResources {
		return (host().resources ??= new OpenResources());
	}
};
