// Everything the desk's pages do by script. Modules import nothing; they talk by events on the document.
import "./live-stream.js";
import "./hot-keys.js";
import "./command-palette.js";
import "./row-picker.js";
import "./pane-toggles.js";
import "./menu-button.js";
import "./theme-switch.js";
import "./undo-toast.js";
import "./request-trouble.js";
import "./relative-time.js";
import "./draft-keeper.js";
import "./auto-grow.js";
import "./auto-submit.js";
import "./file-drop.js";
import "./mail-frame.js";
import "./copy-text.js";
import "./say-composer.js";
