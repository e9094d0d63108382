import { getContext, setContext } from 'svelte';

/** Asks for a new sign-in over the page, so that nothing on it is lost. */
export class SignInAgain {
	isOpen = $state(false);
	#waiting: ((isSignedIn: boolean) => void)[] = [];

	/** The session has ended. */
	readonly open = (): void => {
		this.isOpen = true;
	};

	/** Asks, and resolves to whether somebody has signed in. */
	ask(): Promise<boolean> {
		this.isOpen = true;
		return new Promise((resolve) => this.#waiting.push(resolve));
	}

	/** Closes the question by its answer. */
	settle(isSignedIn: boolean): void {
		this.isOpen = false;
		for (const resolve of this.#waiting.splice(0)) resolve(isSignedIn);
	}
}

const key = Symbol('sign in again');

export const provideSignInAgain = (): SignInAgain => setContext(key, new SignInAgain());

/** Finds the shell's; null on pages without a shell. Call it while a component is set up. */
export const findSignInAgain = (): SignInAgain | null => getContext<SignInAgain | undefined>(key) ?? null;
