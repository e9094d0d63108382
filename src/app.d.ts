import type { OperationId } from '#lib/contract/index.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import type { ClientInfo } from '#lib/server/platform/caller/client-info.ts';
import type { Connection } from '#lib/server/platform/caller/request-site.ts';
import type { Container } from '#lib/server/app/container.ts';

declare global {
	namespace App {
		interface Error {
			message: string;
			correlationId?: string;
		}
		/** What the launcher knows of a request; the development server passes none. */
		interface Platform {
			connection: Connection;
		}
		interface Locals {
			/** Set by the auth hook. */
			auth: Auth | null;
			/** The operation the auth hook matched; null for a plain page view. */
			operation: OperationId | null;
			container: Container;
			correlationId: string;
			/** Created when it is first needed. */
			clientInfo: ClientInfo | null;
			/** ETag of a versioned document, set by the handler. */
			version: string | null;
			/** Repeats the auth check and throws if the request would no longer be accepted. */
			reauthorize: () => Promise<void>;
		}
	}
}

export {};
