import { errors, large, states } from "./states";

for (const name of Object.keys({ ...states, ...large })) {
  const link = document.createElement("a");
  link.href = `/?state=${name}`;
  link.textContent = name;
  const item = document.createElement("li");
  item.append(link);
  document.getElementById("states")?.append(item);
}
const codes = document.getElementById("errors");
if (codes) codes.textContent = Object.keys(errors).join(", ");
