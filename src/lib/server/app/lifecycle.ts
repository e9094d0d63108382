import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { RequestSource } from '#lib/server/platform/caller/request-site.ts';
import { OpenResources } from '#lib/server/platform/open-resources.ts';

/** A page or endpoint of the build. */
export interface BuiltRoute {
	readonly id: string;
	/** Matches its paths, without percent-encoding. */
	readonly pattern: RegExp;
}

/** Decides who serves a request if this server is in front of an Immich. */
export interface Front {
	/** Forwards a request that is not ours, or refuses it; returns false for one of ours. */
	take(request: IncomingMessage, response: ServerResponse): boolean;
}

/** The application's interface to the process that serves it. */
export interface Application {
	/** Serves websockets on a server; the returned function closes them all and admits no more. */
	attach(server: Server, getSource: (request: IncomingMessage) => RequestSource): () => void;
	/** Takes part in serving a server's requests; null unless it is in front of an Immich. */
	putInFront(
		server: Server,
		routes: readonly BuiltRoute[],
		getSource: (request: IncomingMessage) => RequestSource
	): Front | null;
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

/** Returns the object shared by the launcher and the built application, which are loaded separately. */
const host = (): Host => (globalThis.immichAuthHost ??= {});

/** Connects the launcher and the application. */
export const lifecycle = {
	/** Reports startup steps that take long to the launcher. */
	onProgress: (message: string): void => host().onProgress?.(message),
	/** Called by the application when it is ready. */
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
	/** Open resources of the process; the launcher closes them. */
	get resources(): OpenResources {
		return (host().resources ??= new OpenResources());
	}
};
