/** Describes a failed start in one line. */
export function explain(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	const code = 'code' in error ? error.code : undefined;
	const port = 'port' in error ? String(error.port) : '';
	if (code === 'EADDRINUSE')
		return `Port ${port} is taken by another program. Stop that one, or choose another port with IMMICH_PORT.`;
	if (code === 'EACCES' && port)
		return `Port ${port} is not allowed to this user. Choose one above 1024 with IMMICH_PORT.`;
	const isListening = 'syscall' in error && (error.syscall === 'listen' || error.syscall === 'getaddrinfo');
	if (isListening && ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'ENOTFOUND', 'EAI_AGAIN', 'EINVAL'].includes(String(code)))
		return `This machine cannot listen on the address of IMMICH_HOST (${error.message}). Correct it.`;
	if (code === 'ERR_MODULE_NOT_FOUND' && error.message.includes('build/handler.js'))
		return 'It is not built yet. Run npm start.';
	return error.message;
}
