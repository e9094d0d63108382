/**
 * Says in one line why the server cannot start and what to do about it. The message is shown to whoever runs the server, so it
 * never holds a password.
 */
export class StartupError extends Error {
	override readonly name = 'StartupError';
}
