/**
 * Explains in one line why the server can't start and what to do about it. The message is shown to the operator, so it never
 * contains a password.
 */
export class StartupError extends Error {
	override readonly name = 'StartupError';
}
