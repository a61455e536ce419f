// Who somebody says they are. It is typed once and serves every way to log in to a tenant, so that changing the way does not
// mean typing it again.

const PHONE = /^\+?[\d\s().-]{5,}$/;

type Kind = "name" | "email" | "phone";

const fits: Record<Kind, (text: string) => boolean> = {
  name: (text) => !text.startsWith("+"),
  email: (text) => text.includes("@"),
  phone: (text) => PHONE.test(text),
};

export class Typed {
  #typed = $state<{ as: Kind; text: string }>();
  readonly #filledIn: () => string;

  /** `filledIn` is what is known from the last log-in: an e-mail address, a user name or a phone number. */
  constructor(filledIn: () => string) {
    this.#filledIn = filledIn;
  }

  /** E-mail address or user name. */
  get name(): string {
    return this.#as("name");
  }

  set name(text: string) {
    this.#typed = { as: "name", text };
  }

  get email(): string {
    return this.#as("email");
  }

  set email(text: string) {
    this.#typed = { as: "email", text };
  }

  get phone(): string {
    return this.#as("phone");
  }

  set phone(text: string) {
    this.#typed = { as: "phone", text };
  }

  /** What is typed into a field stays there as it is; what was typed into another is offered only where it can be meant. */
  #as(kind: Kind): string {
    const { as, text } = this.#typed ?? { as: undefined, text: this.#filledIn() };
    return as === kind || fits[kind](text) ? text : "";
  }
}
