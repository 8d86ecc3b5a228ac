//go:build linux && x11

package main

import "github.com/go-gl/glfw/v3.4/glfw"

// plainDrawing asks for windows without room for depth and stencil, which Fyne never uses,
// but GLFW asks for unless it is told otherwise. Fyne clears the depth before each picture,
// and without a graphics card Mesa does that pixel by pixel, since the stencil beside it is
// to stay: a fifth of what a picture takes.
func plainDrawing() {
	if glfw.Init() != nil { // Fyne meets the same and says so; else it finds it done
		return
	}
	glfw.WindowHint(glfw.DepthBits, 0)
	glfw.WindowHint(glfw.StencilBits, 0)
}
