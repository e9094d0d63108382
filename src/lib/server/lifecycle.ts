/** What the running application offers to the process that serves it. */
export interface Application {
	/** Ends what the application holds open: connections, and its own database server. */
	stop(): Promise<void>;
}

interface Host {
	onProgress?: (message: string) => void;
	application?: Application;
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
	},
	/** Called by the launcher before the application is loaded. */
	listen(onProgress: (message: string) => void): void {
		host().onProgress = onProgress;
	},
	application: (): Application | undefined => host().application
};
