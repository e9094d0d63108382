import type { OperationId } from '#lib/contract/index.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import type { Container } from '#lib/server/app/container.ts';

declare global {
	namespace App {
		interface Error {
			message: string;
			correlationId?: string;
		}
		interface Locals {
			/** Set by the door. */
			auth: Auth | null;
			/** The row that the door admitted the request to; null for a page that is only read. */
			operation: OperationId | null;
			container: Container;
			correlationId: string;
			/** The ETag of a document whose version the handler knows. */
			version: string | null;
			/** Judges the request anew, and throws where it would not be let in now. */
			readmit: () => Promise<void>;
		}
	}
}

export {};
