// What script adds to the customers' pages. All of them work without it.
import "./undo-toast.js";
import "./relative-time.js";
import "./draft-keeper.js";
import "./auto-grow.js";
import "./auto-submit.js";
import "./file-drop.js";
import "./mail-frame.js";
import "./copy-text.js";
