import { beforeNavigate, invalidateAll } from '$app/navigation';
import { applyAction, enhance } from '$app/forms';
import { navigating } from '$app/state';
import type { ActionResult, SubmitFunction } from '@sveltejs/kit';
import { tick, untrack } from 'svelte';
import type { Attachment } from 'svelte/attachments';
import { serializeForm, clearSecrets, differingNames, dropDraft, readForm, restoreDraft, saveDraft } from './draft.ts';
import { findSignInAgain } from '../shell/sign-in-again.svelte.ts';
import { findToasts } from '../shell/toast-manager.svelte.ts';

export interface FormOptions {
	/** Name under which a draft survives a reload of the tab; must be unique per page and record. */
	readonly draft?: string;
	/** Asks for confirmation before leaving with unsaved changes. */
	readonly isGuarded?: boolean;
	/** Keeps scroll position and focus if the response leads back to the same page: for a form in a list. */
	readonly isInPlace?: boolean;
	/** Toast shown when the server accepts the form. */
	readonly success?: string;
	/** Whether an accepted form is finished; until then the input stays and no success is shown. */
	readonly isDone?: (data: Record<string, unknown> | undefined) => boolean;
	/** Called after a success, before the page is updated. */
	readonly onSuccess?: (data: Record<string, unknown> | undefined) => void;
	/**
	 * Keeps the scroll position for one form of many in a list, and returns where the focus can go, best first; some elements
	 * may no longer exist.
	 */
	readonly findFocus?: (form: HTMLFormElement) => readonly HTMLElement[];
}

/** Why a form could not be processed, if not reported by the action itself. */
export interface FormFailure {
	readonly message: string;
	readonly correlationId: string | null;
}

const leaveQuestion = 'You have unsaved changes. Leave this page anyway?';
const signedOut: FormFailure = {
	message: 'You’ve been signed out. Your changes are still here – sign in and save again.',
	correlationId: null
};
const unreachable = 'Couldn’t reach the server. Your changes are still here – try again.';

/**
 * Progressively enhances a form; without JavaScript it posts normally. Call during component setup:
 *     const form = createForm({ isGuarded: true });
 *     <form method="POST" {@attach form.enhance}>
 */
export const createForm = (options: FormOptions = {}): FormManager => new FormManager(options);

export class FormManager {
	readonly #options: FormOptions;
	readonly #toasts = findToasts();
	readonly #again = findSignInAgain();
	#element: HTMLFormElement | null = null;
	#base = '';
	#pristine = '';
	#draftTimer: ReturnType<typeof setTimeout> | undefined;
	#hasAsked = false;

	isSubmitting = $state(false);
	isDirty = $state(false);
	/** Fields that differ from the saved values. */
	changedNames = $state.raw<readonly string[]>([]);
	/** Whether a draft was restored; offer discardDraft() then. */
	isRestored = $state(false);
	/** Set if the response came from no action: network failure, refused by the auth hook, unexpected error. */
	failure = $state.raw<FormFailure | null>(null);

	constructor(options: FormOptions) {
		this.#options = options;
		if (options.isGuarded) this.#guard();
	}

	readonly enhance: Attachment<HTMLFormElement> = (form) => {
		this.#element = form;
		this.#base = serializeForm(form);
		this.#pristine = readForm(form);
		// Live changes reload the page only when no form has it.
		$effect(() => void form.toggleAttribute('data-unsaved', this.isDirty || this.isSubmitting));
		const enhanced = enhance(form, this.#submit);
		const listeners = new AbortController();
		const { signal } = listeners;
		form.addEventListener('input', this.#onInput, { signal });
		form.addEventListener('change', this.#onInput, { signal });
		form.addEventListener('invalid', this.#onInvalid, { signal, capture: true });
		// A reload right after typing must not lose the last change.
		addEventListener('pagehide', this.#savePendingDraft, { signal });
		const { draft } = this.#options;
		// The fields' handlers run here; what they read must not trigger a new setup of the form.
		if (draft !== undefined) this.isRestored = untrack(() => restoreDraft(draft, form));
		return () => {
			listeners.abort();
			enhanced.destroy();
			this.#dropPendingDraft();
			this.#element = null;
		};
	};

	/** Restores the server's values. */
	readonly discardDraft = (): void => {
		this.#forgetDraft();
		location.reload();
	};

	readonly #onInput = (): void => {
		if (this.#element === null) return;
		const now = readForm(this.#element);
		this.isDirty = now !== this.#pristine;
		this.changedNames = this.isDirty ? differingNames(this.#pristine, now) : [];
		clearTimeout(this.#draftTimer);
		this.#draftTimer = setTimeout(this.#savePendingDraft, 300);
	};

	readonly #savePendingDraft = (): void => {
		if (this.#draftTimer === undefined) return;
		this.#dropPendingDraft();
		this.#saveDraft();
	};

	#dropPendingDraft(): void {
		clearTimeout(this.#draftTimer);
		this.#draftTimer = undefined;
	}

	readonly #saveDraft = (): void => {
		if (this.#options.draft === undefined || this.#element === null) return;
		if (this.isDirty) saveDraft(this.#options.draft, this.#element, this.#base);
		else dropDraft(this.#options.draft);
	};

	#forgetDraft(): void {
		this.#dropPendingDraft();
		this.isDirty = false;
		this.isRestored = false;
		if (this.#options.draft !== undefined) dropDraft(this.#options.draft);
	}

	/** The fields show their own errors (FieldError) and suppress the browser's bubble, so we set the focus. */
	readonly #onInvalid = (): void => {
		if (this.#hasAsked) return;
		this.#hasAsked = true;
		queueMicrotask(() => {
			this.#hasAsked = false;
			this.#element?.querySelector<HTMLElement>(':is(input, select, textarea):invalid')?.focus();
		});
	};

	readonly #submit: SubmitFunction = ({ cancel, formElement, submitter }) => {
		// Ignores further submits while one is in progress.
		if (this.isSubmitting) return cancel();
		this.isSubmitting = true;
		this.failure = null;
		const { href } = location;
		return async ({ result, update }) => {
			try {
				if (isAccepted(result) && (navigating.to !== null || location.href !== href))
					return await this.#finishAfterNavigation(result, formElement);
				if (!isSignedOut(result) || !this.#again) return await this.#applyResult(result, update, formElement);
				this.#saveDraft();
				if (!(await this.#again.prompt())) return void (this.failure = signedOut);
			} finally {
				this.isSubmitting = false;
			}
			// After signing in again on the page, the same form is submitted once more.
			formElement.requestSubmit(submitter);
		};
	};

	/** After a link was followed meanwhile: a redirect or reload now would cancel that navigation. */
	async #finishAfterNavigation(result: ActionResult, form: HTMLFormElement): Promise<void> {
		const data = result.type === 'success' ? result.data : undefined;
		if (this.#options.isDone?.(data) !== false) this.#succeed(data, form);
		await navigating.complete?.catch(() => undefined);
		await invalidateAll();
	}

	async #applyResult(
		result: ActionResult,
		update: (options: { reset: boolean }) => Promise<void>,
		form: HTMLFormElement
	): Promise<void> {
		if (result.type === 'success' && this.#options.isDone?.(result.data) === false) {
			await update({ reset: false });
			await tick();
			focusFirstError(form);
			return;
		}
		if (result.type === 'success' || result.type === 'redirect') {
			// The redirect leads to the sign-in; keep the input for afterwards.
			if (isSignedOut(result)) this.#saveDraft();
			else this.#succeed(result.type === 'success' ? result.data : undefined, form);
			this.isDirty = false;
			const goBack = this.#options.isInPlace ? rememberPlace() : undefined;
			if (isRedirectedHere(result) && this.#options.findFocus) await stay(this.#options.findFocus(form));
			else await update({ reset: false });
			await tick();
			goBack?.();
			this.#takeAsSaved(form);
			return;
		}
		if (result.type === 'failure') {
			await update({ reset: false });
			await tick();
			focusFirstError(form);
			return;
		}
		// Kit would replace the page with an error page and lose the input.
		this.failure = toFailure(result);
		await tick();
		focusFirstError(form);
	}

	#succeed(data: Record<string, unknown> | undefined, form: HTMLFormElement): void {
		this.#forgetDraft();
		// Accepted secrets are neither kept nor reported missing.
		if (clearSecrets(form)) form.reset();
		this.#options.onSuccess?.(data);
		if (this.#options.success !== undefined) this.#toasts?.success(this.#options.success);
	}

	#takeAsSaved(form: HTMLFormElement): void {
		if (!form.isConnected) return;
		this.#base = serializeForm(form);
		this.#pristine = readForm(form);
		this.isDirty = false;
		this.changedNames = [];
	}

	#guard(): void {
		beforeNavigate(({ cancel, willUnload }) => {
			if (!this.isDirty || this.isSubmitting) return;
			// On unload the browser itself asks for confirmation.
			if (willUnload || !confirm(leaveQuestion)) cancel();
			else this.#forgetDraft();
		});
	}
}

const isSignedOut = (result: ActionResult): boolean =>
	result.type === 'redirect' && result.location.startsWith('/auth/login');

const isAccepted = (result: ActionResult): boolean =>
	result.type === 'success' || (result.type === 'redirect' && !isSignedOut(result));

/** Returns a function that restores scroll position and focus unless another page was opened. */
function rememberPlace(): () => void {
	const { pathname } = location;
	const [top, focused] = [scrollY, document.activeElement];
	return () => {
		if (location.pathname !== pathname) return;
		scrollTo({ top, behavior: 'instant' });
		if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
	};
}

/** Whether the response redirects to the current page. */
const isRedirectedHere = (result: ActionResult): boolean =>
	result.type === 'redirect' && result.location === location.pathname + location.search;

/** Reloads the page's data in place: Kit would scroll to the top and drop the focus. */
async function stay(places: readonly HTMLElement[]): Promise<void> {
	await applyAction({ type: 'success', status: 200 });
	await invalidateAll();
	await tick();
	places.find(({ isConnected }) => isConnected)?.focus();
}

/** Focuses the message above the form, or the first invalid field. */
function focusFirstError(form: HTMLFormElement): void {
	const alert = document.querySelector<HTMLElement>('[data-form-alert]');
	const field = form.querySelector<HTMLElement>('[aria-invalid="true"]');
	(alert ?? field)?.focus();
}

/** Parses an unknown value: Kit's error result, the auth hook's JSON response, or a failed fetch. */
function toFailure(answer: unknown): FormFailure {
	const error = isRecord(answer) && isRecord(answer['error']) ? answer['error'] : answer;
	if (!isRecord(error) || error instanceof Error) return { message: unreachable, correlationId: null };
	const { message, correlationId } = error;
	return {
		message: typeof message === 'string' ? message : unreachable,
		correlationId: typeof correlationId === 'string' ? correlationId : null
	};
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
