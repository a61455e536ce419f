import "../src/styles/tokens.css";
import "../src/styles/base.css";
import { mount } from "svelte";
import Buttons from "./Buttons.svelte";

mount(Buttons, { target: document.body });
